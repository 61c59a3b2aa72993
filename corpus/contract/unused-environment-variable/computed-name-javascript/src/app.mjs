export const handler = async (event) => ({ value: process.env[event.name] });

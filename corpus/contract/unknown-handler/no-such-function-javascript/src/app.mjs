export const main = async (event) => ({ id: event.id });

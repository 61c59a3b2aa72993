const { levelOfDetail: level } = process.env;

export const handler = async (event) => ({ id: event.id, level });

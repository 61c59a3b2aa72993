import layered from 'layered-store';

export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(await layered(event.body)) });

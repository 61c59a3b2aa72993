import sum from 'sum-store';

export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(await sum(event.body)) });

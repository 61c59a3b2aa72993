import { v4 } from 'uuid';

export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ id: v4(), of: event.body.length }) });

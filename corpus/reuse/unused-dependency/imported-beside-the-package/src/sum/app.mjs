import { total } from '../shared/total.mjs';

export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ total: total(event.body) }) });

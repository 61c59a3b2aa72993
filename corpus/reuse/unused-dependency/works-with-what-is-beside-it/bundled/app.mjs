import bundled from 'bundled-store';

export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(await bundled(event.body)) });

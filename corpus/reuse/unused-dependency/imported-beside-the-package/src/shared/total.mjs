import sumBy from 'lodash/sumBy.js';

export const total = (body) => sumBy(JSON.parse(body).lines, 'price');

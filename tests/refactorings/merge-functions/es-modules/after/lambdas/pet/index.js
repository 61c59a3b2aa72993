// Hands each request to the handler of its route.
import { handler as addPet } from "./add-pet/index.js";
import { handler as pet } from "./any-pet/index.js";

const routes = {
  "POST /pets": addPet,
  "ANY /pets/{id}": pet,
};

export const handler = (event, context, callback) => {
  const handle = routes[`${event.httpMethod} ${event.resource}`] ?? routes[`ANY ${event.resource}`];
  return handle(event, context, callback);
};

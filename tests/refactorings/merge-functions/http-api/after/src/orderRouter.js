// Hands each request to the handler of its route.
const { handler: placeOrder } = require("./placeOrder");
const { handler: anyOrder } = require("./anyOrder");

const routes = {
  "POST /orders": placeOrder,
  "ANY /orders/{id}": anyOrder,
};

exports.handler = (event, context, callback) => {
  const handle = routes[event.routeKey];
  return handle(event, context, callback);
};

export const handler = async (event) => {
  const { orderId } = event.pathParameters; //~ unknown-path-parameter
  return { statusCode: 200, body: JSON.stringify({ order: orderId }) };
};

export const handler = async (event) => {
  const method = event.requestContext.http.method; //~ wrong-event-shape
  return { statusCode: 200, body: method };
};

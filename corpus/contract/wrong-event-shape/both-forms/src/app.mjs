export const handler = async (event) => {
  const method = event.httpMethod || event.requestContext.http.method;
  return { statusCode: 200, body: method };
};

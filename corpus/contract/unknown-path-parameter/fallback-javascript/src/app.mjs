export const handler = async (event) => {
  const id = (event.pathParameters || {}).id || "all";
  return { statusCode: 200, body: JSON.stringify({ id }) };
};

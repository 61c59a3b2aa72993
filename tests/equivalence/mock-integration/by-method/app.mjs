export const handler = async (event) => {
  if (event.httpMethod === "GET") {
    return { statusCode: 410, headers: { Link: "</new>; rel=successor-version" }, body: JSON.stringify({ gone: true }) };
  }
  return { statusCode: 405, body: "" };
};

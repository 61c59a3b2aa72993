exports.handler = async (event) => {
  if (event.httpMethod === "OPTIONS") {
    return { statusCode: 204 };
  }
  const shift = JSON.parse(event.body);
  if (!shift.start) {
    return { statusCode: 400, body: "no start" };
  }
  return { statusCode: 200, body: JSON.stringify({ start: shift.start }) };
};

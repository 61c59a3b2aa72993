const counts = (filter) => ({ total: filter ? filter.length : 0 });

export const handler = async (event) => {
  if (event.httpMethod) {
    return { statusCode: 200, body: JSON.stringify(counts(event.body)) };
  }
  if (event.action === "count") {
    return counts(event.filter);
  }
  return { statusCode: 400, body: "what?" };
};

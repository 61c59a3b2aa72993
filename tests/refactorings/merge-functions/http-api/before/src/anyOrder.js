const { DynamoDBClient, GetItemCommand, DeleteItemCommand } = require("@aws-sdk/client-dynamodb");
const { marshall, unmarshall } = require("@aws-sdk/util-dynamodb");

const client = new DynamoDBClient({});

exports.handler = async (event) => {
  const Key = marshall({ id: event.pathParameters.id });
  const TableName = process.env.ORDERS_TABLE;
  if (event.requestContext.http.method === "DELETE") {
    await client.send(new DeleteItemCommand({ TableName, Key }));
    return { statusCode: 204 };
  }
  const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
  // No status: the whole is the body.
  return Item ? unmarshall(Item) : { statusCode: 404, body: "Not found" };
};

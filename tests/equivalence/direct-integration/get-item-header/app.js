const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const { unmarshall } = require("@aws-sdk/util-dynamodb");

const client = new DynamoDBClient({});

exports.handler = async (event) => {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: process.env.TABLE,
      Key: { id: { S: event.headers["X-Session"] } },
      ConsistentRead: true,
    }),
  );
  if (Item === undefined) {
    return { statusCode: 401, body: JSON.stringify({ message: "Who are you?" }) };
  }
  const { user, roles } = unmarshall(Item);
  return { statusCode: 200, body: JSON.stringify({ user, roles }) };
};

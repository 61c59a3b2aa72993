const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const { marshall } = require("@aws-sdk/util-dynamodb");

const client = new DynamoDBClient({});

exports.handler = async (event) => {
  const order = JSON.parse(event.body);
  if (!order.id || !(order.lines || []).length) {
    return { statusCode: 400, body: JSON.stringify({ message: "An order has an id and lines" }) };
  }
  const total = order.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  await client.send(
    new PutItemCommand({ TableName: process.env.ORDERS_TABLE, Item: marshall({ id: order.id, total }) })
  );
  return { statusCode: 201, body: JSON.stringify({ id: order.id, total }) };
};

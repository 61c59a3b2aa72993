import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { Item } = await client.send(
    new GetCommand({ TableName: process.env.TABLE, Key: { orderId: event.pathParameters.orderId } }),
  );
  if (!Item) {
    return { statusCode: 404, body: JSON.stringify({ message: "Order not found" }) };
  }
  return { statusCode: 200, body: JSON.stringify(Item) };
};

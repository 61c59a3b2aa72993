import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const item = JSON.parse(event.body);
  if (!item.isbn) return { statusCode: 400, body: JSON.stringify({ message: "It has no id" }) };
  await client.send(new PutCommand({ TableName: process.env.BOOKS, Item: item }));
  return { statusCode: 201, body: JSON.stringify(item) };
};

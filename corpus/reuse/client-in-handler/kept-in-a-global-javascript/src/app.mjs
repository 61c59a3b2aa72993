import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

let client;

export const handler = async (event) => {
  client ??= new DynamoDBClient({});
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }));
};

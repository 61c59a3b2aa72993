import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

export const handler = async (event) => {
  const client = new DynamoDBClient({}); //~ client-in-handler
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }));
};

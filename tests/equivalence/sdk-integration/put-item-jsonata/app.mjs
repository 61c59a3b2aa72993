import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export const handler = async (event) => {
  await client.send(
    new PutItemCommand({
      TableName: process.env.TABLE,
      Item: { id: { S: event.id }, note: { S: event.note }, state: { S: "new" } },
    }),
  );
  return { id: event.id };
};

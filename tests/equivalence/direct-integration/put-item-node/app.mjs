import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export const handler = async (event) => {
  const { list, task } = event.pathParameters;
  const { title } = JSON.parse(event.body);
  await client.send(
    new PutItemCommand({
      TableName: process.env.TABLE,
      Item: { list: { S: list }, task: { S: task }, title: { S: title }, state: { S: "open" } },
    }),
  );
  return { statusCode: 204, body: "" };
};

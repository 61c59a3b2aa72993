import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

let client;

const connect = () => {
  if (process.env.STAGE === "test") {
    return new DynamoDBClient({ endpoint: "http://localhost:8000" });
  }
  if (!client) {
    client = new DynamoDBClient({});
  }
  return client;
};

export const handler = async (event) => {
  await connect().send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }));
};

import { DynamoDBClient, DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});
const TableName = process.env.TABLE;

export const come = async (event) => {
  const connectionId = { S: event.requestContext.connectionId };
  try {
    await dynamodb.send(new PutItemCommand({ TableName, Item: { connectionId, room: { S: "lobby" } } }));
  } catch (error) {
    return { statusCode: 500, body: "not connected: " + JSON.stringify(error) };
  }
  return { statusCode: 200, body: "connected" };
};

export const go = async (event) => {
  const connectionId = { S: event.requestContext.connectionId };
  await dynamodb.send(new DeleteItemCommand({ TableName, Key: { connectionId } }));
  return { statusCode: 200, body: "gone" };
};

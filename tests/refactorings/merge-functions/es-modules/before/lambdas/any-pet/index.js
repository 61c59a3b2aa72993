import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export function handler(event, context, callback) {
  const input = { TableName: process.env.PETS_TABLE, Key: { id: event.pathParameters.id } };
  const command = event.httpMethod === "DELETE" ? new DeleteCommand(input) : new GetCommand(input);
  client
    .send(command)
    .then(({ Item }) => callback(null, { statusCode: Item ? 200 : 204, body: Item ? JSON.stringify(Item) : "" }))
    .catch(callback);
}

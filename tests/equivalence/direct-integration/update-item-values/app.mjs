import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName: process.env.TABLE,
      Key: { id: event.pathParameters.id },
      UpdateExpression: "ADD votes :one",
      ExpressionAttributeValues: { ":one": 1 },
      ReturnValues: "ALL_NEW",
    }),
  );
  return { statusCode: 200, body: JSON.stringify(Attributes) };
};

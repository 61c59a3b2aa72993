import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { Items, Count } = await client.send(
    new QueryCommand({
      TableName: process.env.TABLE,
      KeyConditionExpression: "#room = :room",
      ExpressionAttributeNames: { "#room": "room" },
      ExpressionAttributeValues: { ":room": event.pathParameters.room },
      ScanIndexForward: false,
      Limit: 10,
    }),
  );
  return { statusCode: 200, body: JSON.stringify({ messages: Items, count: Count }) };
};

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const since = event.queryStringParameters!.since!;
  const found = await client.send(
    new QueryCommand({
      TableName: process.env.TABLE,
      KeyConditionExpression: "customer = :customer AND #order >= :since",
      ExpressionAttributeNames: { "#order": "order" },
      ExpressionAttributeValues: { ":customer": event.pathParameters!.customer, ":since": since },
      Limit: 20,
    }),
  );
  return {
    statusCode: 200,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-cache" },
    body: JSON.stringify({ orders: found.Items }),
  };
};

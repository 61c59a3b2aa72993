import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { client, TableName } from "./table";

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const id = event.pathParameters?.id;
  if (!id?.startsWith("task-")) {
    return { statusCode: 404, body: JSON.stringify({ message: `There is no task ${id}` }) };
  }
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { id },
      UpdateExpression: "SET done = :done",
      ExpressionAttributeValues: { ":done": true },
    })
  );
  return { statusCode: 200, body: JSON.stringify({ id, done: true }) };
};

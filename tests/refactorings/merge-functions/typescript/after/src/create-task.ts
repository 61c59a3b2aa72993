import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { client, TableName } from "./table";

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const task = JSON.parse(event.body ?? "{}");
  if (!task.id || !task.title) {
    return { statusCode: 400, body: JSON.stringify({ message: "A task has an id and a title" }) };
  }
  const words = task.title.split(" ").length;
  await client.send(new PutCommand({ TableName, Item: { id: task.id, title: task.title, words } }));
  return { statusCode: 201, body: JSON.stringify({ id: task.id, words }) };
};

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, DeleteCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const wanted = JSON.parse(event.body);
  if (!wanted.loanId) return { statusCode: 400, body: JSON.stringify({ message: "It has no id" }) };
  await client.send(new DeleteCommand({ TableName: process.env.LOANS, Key: { loanId: wanted.loanId } }));
  return { statusCode: 204 };
};

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const found = await client.send(new GetCommand({ TableName: process.env.LOANS, Key: { loanId: event.pathParameters.loanId } }));
  if (!found.Item) return { statusCode: 404, body: JSON.stringify({ message: "There is none" }) };
  return { statusCode: 200, body: JSON.stringify(found.Item) };
};

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent } from "aws-lambda";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event: APIGatewayProxyEvent) => {
  const cartId = event.pathParameters!.cartId!;
  if (!cartId.startsWith("cart-")) {
    return { statusCode: 400, body: "that is no cart" };
  }
  await client.send(new DeleteCommand({ TableName: process.env.TABLE, Key: { cartId } }));
  return { statusCode: 204, body: "" };
};

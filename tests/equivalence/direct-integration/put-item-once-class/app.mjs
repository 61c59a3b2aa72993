import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  try {
    const { email, name } = JSON.parse(event.body);
    await client.send(new PutCommand({
      TableName: process.env.TABLE,
      Item: { email, name },
      ConditionExpression: "attribute_not_exists(email)",
    }));
    return { statusCode: 201, body: JSON.stringify({ message: "Registered" }) };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return { statusCode: 409, body: JSON.stringify({ message: "The address is taken" }) };
    }
    return { statusCode: 500, body: JSON.stringify({ message: "Try again later" }) };
  }
};

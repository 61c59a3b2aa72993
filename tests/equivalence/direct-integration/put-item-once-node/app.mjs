import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const { email, name } = JSON.parse(event.body);
  try {
    await client.send(new PutCommand({
      TableName: process.env.TABLE,
      Item: { email, name },
      ConditionExpression: "attribute_not_exists(email)",
    }));
  } catch (error) {
    if (error.name === "ConditionalCheckFailedException") {
      return { statusCode: 409, body: JSON.stringify({ message: "The address is taken" }) };
    }
    throw error;
  }
  return { statusCode: 201, body: JSON.stringify({ message: "Registered" }) };
};

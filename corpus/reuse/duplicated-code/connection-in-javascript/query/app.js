const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, QueryCommand } = require("@aws-sdk/lib-dynamodb");

const client = new DynamoDBClient({});
const documents = DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true },
  unmarshallOptions: { wrapNumbers: true },
});

exports.handler = async (event) => {
  await documents.send(new QueryCommand({
    TableName: process.env.TABLE,
    KeyConditionExpression: "id = :id",
    ExpressionAttributeValues: { ":id": event.id },
  }));
};

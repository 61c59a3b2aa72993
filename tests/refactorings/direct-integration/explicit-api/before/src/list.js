const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, ScanCommand } = require("@aws-sdk/lib-dynamodb");

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async () => {
  const { Items } = await client.send(new ScanCommand({ TableName: process.env.TABLE, Limit: 50 }));
  return { statusCode: 200, body: JSON.stringify({ notes: Items }) };
};

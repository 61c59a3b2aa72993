const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, DeleteCommand } = require("@aws-sdk/lib-dynamodb");

const client = new DynamoDBClient({}); //~ duplicated-code
const documents = DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true },
  unmarshallOptions: { wrapNumbers: true },
});

exports.handler = async (event) => {
  await documents.send(new DeleteCommand({ TableName: process.env.TABLE, Key: { id: event.id } }));
};

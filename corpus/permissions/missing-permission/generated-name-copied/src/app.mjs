import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const read = async (event) => {
  const found = await documents.send(
    new GetCommand({ TableName: "shop-Orders-MH8XMC50JHLW", Key: { id: event.id } }),
  );
  return found.Item;
};

export const save = async (event) => {
  await documents.send(new PutCommand({ TableName: "shop-Invoices-1F5KGZ3M8QX2A", Item: { id: event.id } }));
};

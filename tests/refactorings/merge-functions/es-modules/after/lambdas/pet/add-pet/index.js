import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { answer } from "./answer.js";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event) => {
  const pet = JSON.parse(event.body);
  if (!pet.id || !pet.name) return answer(400, { message: "A pet has an id and a name" });
  const Item = { id: pet.id, name: pet.name, letters: pet.name.length };
  await client.send(new PutCommand({ TableName: process.env.PETS_TABLE, Item }));
  return answer(201, Item);
};

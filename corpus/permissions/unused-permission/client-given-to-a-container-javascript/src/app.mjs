import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { container, cached } from "@acme/container";

const client = new DynamoDBClient({});

if (!container.isRegistered("store")) {
  container.register("store", {
    useFactory: cached(() => ({
      save: (id) =>
        client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: id } } })),
    })),
  });
}

export const handler = async (event) => container.resolve("store").save(event.id);

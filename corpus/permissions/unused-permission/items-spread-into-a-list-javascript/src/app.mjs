import { BatchWriteItemCommand, DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

const all = async (id) => {
  const found = [];
  let next;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: process.env.TABLE,
        KeyConditionExpression: "id = :id",
        ExpressionAttributeValues: { ":id": { S: id } },
        ExclusiveStartKey: next,
      }),
    );
    if (page.Items) {
      found.push(...page.Items);
    }
    next = page.LastEvaluatedKey;
  } while (next);
  return found.length > 0 ? found : undefined;
};

export const handler = async (event) => {
  const found = await all(event.id);
  if (found) {
    const requests = found.map((item) => ({ DeleteRequest: { Key: { id: item.id } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [process.env.TABLE]: requests } }));
  }
};

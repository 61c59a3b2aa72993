const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({});

const handler = async (event) => {
  const { Count } = await client.send(new ScanCommand({ TableName: event.table ?? process.env.TABLE }));
  console.log(Count);
};

if (require.main === module) {
  handler({ table: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" });
}

module.exports = { handler };

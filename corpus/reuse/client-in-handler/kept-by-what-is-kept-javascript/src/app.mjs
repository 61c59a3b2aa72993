import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { SNSClient, PublishCommand } from "@aws-sdk/client-sns";

class Store {
  constructor(client = new DynamoDBClient({})) {
    this.client = client;
  }
  save(id) {
    return this.client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: id } } }));
  }
}

class Orders {
  constructor(store = new Store()) {
    this.store = store;
  }
}

const memoize = (make) => {
  const known = {};
  return (...all) => {
    const key = JSON.stringify(all);
    known[key] ??= make(...all);
    return known[key];
  };
};

const queue = memoize(() => {
  const client = new SQSClient({});
  const send = (text) => client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: text }));
  return { send };
});

class Pool {
  constructor() {
    this.clients = new Map();
  }
  topics(name) {
    if (!this.clients.has(name)) {
      this.clients.set(name, new SNSClient({}));
    }
    return this.clients.get(name);
  }
}

let orders;
let pool;

export const handler = async (event) => {
  orders ??= new Orders();
  pool ??= new Pool();
  await orders.store.save(event.id);
  await queue().send(event.id);
  await pool.topics("all").send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: event.id }));
};

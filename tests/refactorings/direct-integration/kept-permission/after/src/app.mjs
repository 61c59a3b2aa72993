import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

export const handler = async (event) => {
  const { name, note } = JSON.parse(event.body);
  if (!name || typeof note !== "string") {
    return { statusCode: 400, body: "a name and a note, please" };
  }
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify({ kind: "note", name, note }) }));
  return { statusCode: 202, body: JSON.stringify({ accepted: true }) };
};

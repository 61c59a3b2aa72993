import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});

export const handler = async (event) => {
  const { name } = JSON.parse(event.body);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env.QUEUE_URL,
      MessageBody: JSON.stringify({ kind: event.pathParameters.kind, name }),
    }),
  );
  return { statusCode: 202, body: JSON.stringify({ accepted: true }) };
};

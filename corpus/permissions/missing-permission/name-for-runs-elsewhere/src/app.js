const { SQSClient, SendMessageCommand } = require("@aws-sdk/client-sqs");

const QUEUE_URL = process.env.QUEUE_URL ? process.env.QUEUE_URL : "http://localhost:4566/000000000000/jobs";
const sqs = new SQSClient({});

exports.handler = async (event) => {
  const job = JSON.parse(event.body);
  if (!job.id || job.id.length > 40) {
    return { statusCode: 400, body: "no id" };
  }
  await sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: JSON.stringify({ id: job.id }) }));
  return { statusCode: 202, body: "taken" };
};

import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const sns = new SNSClient({});

export const handler = async (event) => {
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: event.text }));
  return { id: event.id, announced: true };
};

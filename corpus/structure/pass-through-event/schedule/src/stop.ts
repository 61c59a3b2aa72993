import { EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";

const ec2 = new EC2Client({});

export const handler = async (): Promise<void> => {
  await ec2.send(new StopInstancesCommand({ InstanceIds: [process.env.INSTANCE!] }));
};

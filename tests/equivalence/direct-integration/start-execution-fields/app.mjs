import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";

const states = new SFNClient({});

export const handler = async (event) => {
  const body = JSON.parse(event.body);
  const { executionArn } = await states.send(
    new StartExecutionCommand({
      stateMachineArn: process.env.FLOW,
      input: JSON.stringify({ file: body.file, format: "csv", options: { header: true } }),
    }),
  );
  return { statusCode: 202, body: JSON.stringify({ executionArn }) };
};

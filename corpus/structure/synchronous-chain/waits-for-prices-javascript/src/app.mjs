import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const client = new LambdaClient({});

export const handler = async (event) => {
  const call = { FunctionName: process.env.PRICES, InvocationType: "RequestResponse", Payload: JSON.stringify(event) };
  const answer = await client.send(new InvokeCommand(call)); //~ synchronous-chain
  return JSON.parse(Buffer.from(answer.Payload).toString());
};

import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

let password;

const passwordNow = async () => {
  const client = new SecretsManagerClient({}); //~ client-in-handler
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: process.env.SECRET }));
  return SecretString;
};

export const handler = async () => {
  password = await passwordNow();
  return { length: password.length };
};

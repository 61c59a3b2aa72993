import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

let password;

const passwordOnce = () => {
  if (!password) {
    password = (async () => {
      const client = new SecretsManagerClient({});
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: process.env.SECRET }));
      return SecretString;
    })().catch((error) => {
      password = undefined;
      throw error;
    });
  }
  return password;
};

export const handler = async () => ({ length: (await passwordOnce()).length });

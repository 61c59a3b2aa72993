import { AdminDisableUserCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";

const users = new CognitoIdentityProviderClient({});

export const handler = async (event: { pool: string; user: string }) => {
  await users.send(new AdminDisableUserCommand({ UserPoolId: event.pool, Username: event.user }));
  return event;
};

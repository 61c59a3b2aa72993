import {
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";

const cognito = new CognitoIdentityProviderClient({});
const UserPoolId = process.env.POOL;

const answer = (statusCode, body) => ({ statusCode, body: JSON.stringify(body) });

export const handler = async (event) => {
  const path = event.path;
  const Username = event.headers.user;
  if (path.endsWith("/profile")) {
    const user = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
    return answer(200, user.UserAttributes);
  }
  if (path.endsWith("/forgot")) {
    await cognito.send(new AdminResetUserPasswordCommand({ UserPoolId, Username }));
    return answer(200, { reset: Username });
  }
  return answer(404, "not found");
};

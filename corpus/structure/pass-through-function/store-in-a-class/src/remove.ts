import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { CartStore } from "./store";

const store = new CartStore(process.env.TABLE!);

export const handler = async (event: APIGatewayProxyEventV2) => {
  const id = event.pathParameters?.cartId;
  if (!id) {
    return { statusCode: 400, body: "which cart?" };
  }
  await store.remove(id);
  return { statusCode: 204 };
};

import middy from "@middy/core";
import serializer from "@middy/http-response-serializer";

export const handler = middy(async () => ({ orders: [] })).use(serializer());

import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const events = new EventBridgeClient({});

export const handler = async (event) => {
  const { stars } = JSON.parse(event.body);
  await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env.BUS,
          Source: "shop.products",
          DetailType: "Rated",
          Detail: JSON.stringify({ product: event.pathParameters.product, stars }),
        },
      ],
    }),
  );
  return { statusCode: 202, body: JSON.stringify({ message: "thank you" }) };
};

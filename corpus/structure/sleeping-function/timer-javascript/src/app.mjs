import { setTimeout } from "node:timers/promises";

export const handler = async (event) => {
  await setTimeout(3000); //~ sleeping-function
  return event.id;
};

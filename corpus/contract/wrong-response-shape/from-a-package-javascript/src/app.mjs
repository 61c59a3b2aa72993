import { answer } from "answers";

export const handler = async () => answer({ orders: [] });

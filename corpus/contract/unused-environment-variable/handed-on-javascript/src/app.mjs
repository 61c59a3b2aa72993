import { read } from "settings";

export const handler = async () => read({ ...process.env });

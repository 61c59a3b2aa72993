const stage = process.env.STAGE ?? "dev";
const { LEVEL = "info" } = process.env;

export const handler = async () => ({ stage, level: LEVEL, debug: process.env.TRACE_ALL === "yes" });

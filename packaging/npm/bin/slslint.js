#!/usr/bin/env node
// Runs the program of this machine, which comes as a package of its own that npm chooses by platform.
"use strict";

const { spawnSync } = require("node:child_process");

const platform = `@slslint/${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "slslint.exe" : "slslint";

let path;
try {
  path = require.resolve(`${platform}/bin/${program}`);
} catch {
  console.error(
    `slslint: ${platform} is not installed. Install without --omit=optional; where there is no such ` +
      "package, `cargo install slslint` builds the program.",
  );
  process.exit(2);
}

const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`slslint: ${path}: ${error.message}`);
  process.exit(2);
}
if (signal) {
  process.kill(process.pid, signal);
}
process.exit(status ?? 2);

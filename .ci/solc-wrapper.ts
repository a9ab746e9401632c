#!/usr/bin/env node
import { text } from "node:stream/consumers";
import { compile, compilerVersion } from "./compiler.ts";

/**
 * The compiler of node_modules in the place of `solc`, as far as slither asks: `--version`, and standard JSON from stdin
 * to stdout.
 */
process.stdout.write(
  process.argv.includes("--version") ? `Version: ${compilerVersion}\n` : compile(await text(process.stdin)),
);

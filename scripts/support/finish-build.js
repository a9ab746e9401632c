// The compiler writes plain files; the command line is started directly, and in the clone by npx as well.
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/src/cli/bin.js", import.meta.url));
const link = fileURLToPath(new URL("../../node_modules/.bin/model-provenance", import.meta.url));

chmodSync(command, 0o755);
mkdirSync(new URL(".", `file://${link}`), { recursive: true });
rmSync(link, { force: true });
symlinkSync("../../dist/src/cli/bin.js", link);

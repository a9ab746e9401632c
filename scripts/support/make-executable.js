// The compiler writes plain files; the command line is started directly.
import { chmodSync } from "node:fs";

chmodSync(new URL("../../dist/src/cli/bin.js", import.meta.url), 0o755);

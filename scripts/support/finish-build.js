// After the compiler: removes what it made of sources that are gone, and lets npx find the command in the clone as well.
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

for (const name of readdirSync(join(root, "dist/src"), { recursive: true })) {
  const source = join(root, "src", name).replace(/(\.d\.ts|\.js)$/, ".ts");
  if (!existsSync(source)) rmSync(join(root, "dist/src", name), { recursive: true, force: true });
}

const link = join(root, "node_modules/.bin/model-provenance");
mkdirSync(dirname(link), { recursive: true });
rmSync(link, { force: true });
symlinkSync("../../bin/model-provenance.js", link);

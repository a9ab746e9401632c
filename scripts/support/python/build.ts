// Builds the wheel and the source distribution of python/, the same bytes every time:
//   npm run build:python               into python/dist; --out FOLDER into another
//   npm run build:python -- --engine   the bundled command alone, for a package that is installed from its folder
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { bundleCommand } from "./bundle.ts";
import { findPython } from "./find-python.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PYTHON = join(ROOT, "python");
const ENGINE = "src/model_provenance/engine";
const SOURCES = ["src", "pyproject.toml", "version.py", "README.md"];
/** Of every file in the archives; zip knows no earlier year. */
const EPOCH = Date.UTC(1980, 1, 1) / 1000;

const { values: asked } = parseArgs({
  options: { engine: { type: "boolean" }, out: { type: "string", default: join(PYTHON, "dist") } },
});
if (asked.engine === true) await bundleCommand(join(PYTHON, ENGINE));
else await buildArchives(resolve(asked.out));

/** Builds from a copy, so that nothing which lies about gets into an archive, and a package that is in use stays whole. */
async function buildArchives(folder: string): Promise<void> {
  if (!existsSync(join(ROOT, "dist/web/index.html")))
    throw new Error("The page is not built. Run npm run build first.");
  const python = await findPython("hatchling");
  const copy = await mkdtemp(join(tmpdir(), "model-provenance-python-"));
  try {
    for (const name of SOURCES) {
      await cp(join(PYTHON, name), join(copy, name), {
        recursive: true,
        filter: (path) => !/engine$|__pycache__/.test(path),
      });
    }
    await copyFile(join(ROOT, "LICENSE"), join(copy, "LICENSE"));
    await bundleCommand(join(copy, ENGINE));
    await rm(folder, { recursive: true, force: true });
    await promisify(execFile)(python, ["-m", "hatchling", "build", "-d", folder], {
      cwd: copy,
      env: { ...process.env, SOURCE_DATE_EPOCH: String(EPOCH) },
    });
  } finally {
    await rm(copy, { recursive: true });
  }
  for (const name of await readdir(folder)) console.log(join(relative(ROOT, folder), name));
}

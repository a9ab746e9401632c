import { existsSync } from "node:fs";
import { cp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Metafile, build } from "esbuild";

const ROOT = join(import.meta.dirname, "../../..");
/** What processes and threads are started with; each finds the others beside it. */
const ENTRIES = [
  "src/cli/bin.ts",
  "src/cli/serve/answer-calls.ts",
  "src/content/block-worker.ts",
  "src/model/hashing/hash-worker.ts",
];
/** Deployments of development chains mean nothing elsewhere. */
const DEVELOPMENT = ["chain-1337", "chain-31337"];

/**
 * Bundles the command, with all packages that any verb of it needs, into a folder from which a Node alone can run it:
 * `dist/src/cli/bin.js` and the parts that it loads, `package.json`, the recorded deployments, the page, where it was built, and
 * the licences of what is in it.
 *
 * The parts stay apart: a verb that loads what it uses starts in 0.3 s and 58 MiB, all in one file in 0.7 s and 116 MiB.
 *
 * @param target - made anew
 */
export async function bundleCommand(target: string): Promise<void> {
  // Put in place when it is whole.
  const folder = `${target}.new`;
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.13",
    minify: true,
    keepNames: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    // One folder: code that looks for a file beside itself finds it, in whichever part it ended up. As deep as the command's
    // own, so that what lies in a package above it is found as well.
    outdir: join(folder, "dist/src/cli"),
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    // Packages of the older kind ask for Node's own modules with require.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
  });
  const { name, version, license } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as PackageFile;
  await writeFile(join(folder, "package.json"), toJson({ name, version, license, type: "module" }));
  await writeFile(join(folder, "LICENSES.txt"), await collectLicences(metafile));
  if (existsSync(join(ROOT, "dist/web")))
    await cp(join(ROOT, "dist/web"), join(folder, "dist/web"), { recursive: true });
  await copyDeployments(join(folder, "ignition/deployments"));
  await rm(target, { recursive: true, force: true });
  await rename(folder, target);
}

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The licences of all packages of which something is in the bundle, as their authors want them to be passed on. */
async function collectLicences({ inputs }: Metafile): Promise<string> {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
  );
  const parts = [...new Set(folders)].toSorted().map(async (path) => {
    const folder = join(ROOT, path);
    const own = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as PackageFile;
    const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).toSorted();
    const texts = await Promise.all(names.map(async (name) => readFile(join(folder, name), "utf8")));
    return [
      `── ${own.name} ${own.version} (${own.license ?? "see its text"})`,
      ...texts.map((text) => text.trim()),
    ].join("\n\n");
  });
  return `${(await Promise.all(parts)).join("\n\n")}\n`;
}

async function copyDeployments(folder: string): Promise<void> {
  const recorded = join(ROOT, "ignition/deployments");
  if (!existsSync(recorded)) return;
  await cp(recorded, folder, {
    recursive: true,
    filter: (path) => !DEVELOPMENT.some((chain) => path.endsWith(`/${chain}`)),
  });
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

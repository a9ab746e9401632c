import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { hashModel } from "../../src/model/hash-model.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const NAME = "model-provenance-nft";
const MAX_PACKAGES = 120;
/** A module that is loaded first: at the end it writes the names of all packages that were loaded, as JSON. */
const LIST_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const packages = new Set();
  const nameOf = (url) => url.split("/node_modules/").at(-1).split("/").slice(0, 2).join("/");
  registerHooks({
    load: (url, context, next) => {
      if (url.includes("/node_modules/")) packages.add(nameOf(url).startsWith("@") ? nameOf(url) : nameOf(url).split("/")[0]);
      return next(url, context);
    },
  });
  process.on("exit", () => console.error(JSON.stringify([...packages])));
`)}`;
/** What takes longer to load than a small model takes to hash. */
const HEAVY = new Set([
  "ethers",
  "zod",
  "@huggingface/hub",
  "@huggingface/tasks",
  "fastify",
  "pinata",
  "arweave",
  "yaml",
]);

/** What the lock file says of an installed package. */
interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

describe("the npm package", function () {
  const temporary = useTemporaryFolder();

  it("brings fewer than 120 others with it", async function () {
    const packages = await listProductionPackages();
    expect(packages.length).to.be.within(1, MAX_PACKAGES - 1);
  });

  it("holds what it exports, types included", async function () {
    const archive = await pack(temporary.path());
    for (const [tool, ...args] of [
      ["publint", "run", archive, "--strict"],
      ["attw", archive, "--profile", "esm-only", "--no-definitely-typed"],
    ] as const) {
      await run(process.execPath, [join(root, "node_modules/.bin", tool), ...args], { cwd: root });
    }
  });

  it("works where nothing but it and what it depends on is installed", async function () {
    const model = await temporary.write("model", { "model.bin": "weights", "config.json": "{}" });
    const { modelDigest } = await hashModel(model);
    const app = await install(temporary.path("app"), await pack(temporary.path()));

    const { stdout } = await run(process.execPath, [
      join(app, "node_modules", NAME, await commandPath(app)),
      ...hash(model),
    ]);
    expect(JSON.parse(stdout)).to.include({ modelDigest });

    await writeFile(
      join(app, "use.js"),
      `import { hashModel } from "${NAME}"; console.log((await hashModel(process.argv[2])).modelDigest);`,
    );
    const used = await run(process.execPath, [join(app, "use.js"), model]);
    expect(used.stdout.trim()).to.equal(modelDigest);
  });

  it("loads nothing heavy before a verb needs it", async function () {
    const model = await temporary.write("model", { "model.bin": "weights" });
    for (const args of [["--help"], ["import", "--help"], ["verify", "--help"], hash(model)]) {
      const { stderr } = await run(process.execPath, ["--import", LIST_LOADED, join(root, "src/cli/bin.ts"), ...args]);
      const loaded = JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as string[];
      expect(
        loaded.filter((name) => HEAVY.has(name)),
        args.join(" "),
      ).to.deep.equal([]);
    }
  });

  it("loads every verb without Hardhat and a compiler", async function () {
    const app = await install(temporary.path("app"), await pack(temporary.path()));
    const command = join(app, "node_modules", NAME, await commandPath(app));
    const folder = join(app, "node_modules", NAME, "dist/src/cli/commands");
    for (const file of (await readdir(folder)).filter((name) => name.endsWith(".js"))) {
      await run(process.execPath, ["--input-type=module", "-e", `await import(${JSON.stringify(join(folder, file))})`]);
    }
    expect((await run(process.execPath, [command, "--help"])).stdout).to.include("verify");
    const installed = await readdir(join(app, "node_modules"));
    expect(installed).to.not.include.members(["hardhat"]).and.not.include.members(["solc"]);
  });
});

function hash(model: string): string[] {
  return ["hash", model, "--json"];
}

async function pack(folder: string): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
  });
  return join(folder, stdout.trim());
}

/** Lays out what an install of the package would, from the packages that are here: no registry is asked. */
async function install(app: string, archive: string): Promise<string> {
  const target = join(app, "node_modules", NAME);
  await mkdir(target, { recursive: true });
  await writeFile(join(app, "package.json"), JSON.stringify({ type: "module", private: true }));
  await run("tar", ["-xzf", archive, "-C", target, "--strip-components=1"]);
  for (const path of await listProductionPackages()) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    // Nested ones come along with the package above them.
    if (path.lastIndexOf("node_modules/") === 0) await symlink(join(root, path), join(app, path));
  }
  return app;
}

async function commandPath(app: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(app, "node_modules", NAME, "package.json"), "utf8")) as {
    bin: Record<string, string>;
  };
  return manifest.bin["model-provenance"] as string;
}

/** Paths of the packages that are not for development alone, as the lock file names them. */
async function listProductionPackages(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
    .map(([path]) => path);
}

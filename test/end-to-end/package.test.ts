import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { hashModel } from "../../src/model/hash-model.ts";
import { builtModule } from "../helpers/built-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const NAME = "model-provenance-nft";
const MAX_PACKAGES = 60;
/** What one verb alone needs, or the tests. */
const NOT_INSTALLED = ["fastify", "arweave", "@huggingface/hub", "@ethereumjs/mpt", "@aws-sdk/client-s3"];
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

  it("brings fewer than 60 others with it, and none that one verb alone needs", async function () {
    const packages = await listProductionPackages();
    expect(packages.length).to.be.within(1, MAX_PACKAGES - 1);
    for (const name of NOT_INSTALLED) expect(packages).to.not.include(`node_modules/${name}`);
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

  it("says what to install for what one verb alone needs", async function () {
    const app = await install(temporary.path("app"), await pack(temporary.path()));
    const command = join(app, "node_modules", NAME, await commandPath(app));
    const arguments_ = ["import", "--models", "owner/name", "--dry-run"];
    const { code, stderr } = await run(process.execPath, [command, ...arguments_], {
      env: { PATH: process.env["PATH"], STATE_PATH: temporary.path("state") },
      cwd: temporary.path(),
    }).then(
      () => ({ code: 0, stderr: "" }),
      (failure: { code: number; stderr: string }) => failure,
    );
    expect(stderr).to.include("npm install @huggingface/hub @huggingface/tasks");
    expect(code).to.equal(2);
  });

  it("gives others the contract to build on: its ABI, its artifact and its sources", async function () {
    const app = await install(temporary.path("app"), await pack(temporary.path()));
    await writeFile(
      join(app, "use.js"),
      `import { MODEL_PROVENANCE_ABI } from "${NAME}";
       import artifact from "${NAME}/artifacts/ModelProvenanceNFT.json" with { type: "json" };
       import { readFileSync } from "node:fs";
       const source = readFileSync(new URL(import.meta.resolve("${NAME}/contracts/registry/IModelProvenanceNFT.sol")), "utf8");
       const names = (abi) => abi.map(({ name }) => name).filter(Boolean).sort().join();
       console.log(names(MODEL_PROVENANCE_ABI) === names(artifact.abi), artifact.bytecode.length > 1000, source.includes("interface IModelProvenanceNFT"));`,
    );
    const { stdout } = await run(process.execPath, [join(app, "use.js")]);
    expect(stdout.trim()).to.equal("true true true");
    const sources = await readdir(join(app, "node_modules", NAME, "contracts"));
    expect(sources.sort()).to.deep.equal(["libraries", "market", "registry", "royalties"]);
  });

  it("loads nothing heavy before a verb needs it", async function () {
    const model = await temporary.write("model", { "model.bin": "weights" });
    for (const args of [["--help"], ["import", "--help"], ["verify", "--help"], hash(model)]) {
      const { stderr } = await run(process.execPath, ["--import", LIST_LOADED, builtModule("cli/bin.ts"), ...args]);
      const loaded = JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as string[];
      expect(
        loaded.filter((name) => HEAVY.has(name)),
        args.join(" "),
      ).to.deep.equal([]);
    }
  });

  it("serves the example, whose program uses the library and whose scripts the command", async function () {
    const model = await temporary.write("model", { "model.bin": "weights", "config.json": '{"layers":3}' });
    const example = temporary.path("load-verified");
    await cp(join(root, "examples/load-verified"), example, { recursive: true });
    const app = await install(example, await pack(temporary.path()));
    const { registry, minter, url, close } = await serveRegistry();
    const { PATH, HOME } = process.env;
    const environment = {
      PATH,
      HOME,
      RPC_URL: url,
      MODEL_PROVENANCE_ADDRESS: registry.address,
      STORE_PATH: temporary.path("store"),
      OFFLINE: "1",
    };
    const npm = async (script: string, creators: string) =>
      run("npm", ["run", "--silent", script, "--", model], {
        cwd: app,
        env: { ...environment, MODEL_CREATORS: creators },
      }).catch((failure: { code: number; stdout: string; stderr: string }) => failure);
    try {
      const { modelDigest } = await hashModel(model);
      expect((await npm("hash", "")).stdout).to.include(modelDigest);
      const unknown = await npm("start", minter.address);
      expect(unknown).to.include({ code: 1 });
      expect(unknown.stderr).to.include("not-registered");

      const command = join(app, "node_modules/.bin/model-provenance");
      const publish = ["publish", model, "--license", "MIT", "--state-path", temporary.path("state")];
      await run(process.execPath, [command, ...publish], { env: environment });
      expect((await npm("verify", "")).stdout).to.include("VERIFIED");
      const loaded = await npm("start", minter.address);
      expect(loaded.stdout, loaded.stderr).to.include("licence MIT").and.to.include("loaded { layers: 3 }");
      expect((await npm("start", registry.address)).stderr).to.include("nobody you trust");
      await writeFile(join(model, "config.json"), '{"layers":4}');
      const tampered = await npm("start", minter.address);
      expect(tampered).to.include({ code: 1 });
      expect(tampered.stdout).not.to.include("loaded {");
    } finally {
      await close();
    }
  });

  it("gives the example the types of what it uses", async function () {
    const example = temporary.path("load-verified");
    await cp(join(root, "examples/load-verified"), example, { recursive: true });
    const app = await install(example, await pack(temporary.path()));
    await mkdir(join(app, "node_modules/@types"), { recursive: true });
    for (const name of ["@types/node", "undici-types"]) {
      await symlink(join(root, "node_modules", name), join(app, "node_modules", name)).catch(() => undefined);
    }
    const options = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--skipLibCheck", "--types", "node"];
    const modules = ["--module", "nodenext", "--target", "es2024"];
    await run(process.execPath, [join(root, "node_modules/.bin/tsc"), ...options, ...modules, "load-verified.js"], {
      cwd: app,
    }).catch((failure: { stdout: string }) => {
      throw new Error(failure.stdout);
    });
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
  const manifest = JSON.stringify({ type: "module", private: true });
  // An example brings its own.
  await writeFile(join(app, "package.json"), manifest, { flag: "wx" }).catch(() => undefined);
  await run("tar", ["-xzf", archive, "-C", target, "--strip-components=1"]);
  for (const path of await listProductionPackages()) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    // Nested ones come along with the package above them.
    if (path.lastIndexOf("node_modules/") === 0) await symlink(join(root, path), join(app, path));
  }
  const command = join(target, await commandPath(app));
  await chmod(command, 0o755);
  await mkdir(join(app, "node_modules/.bin"));
  await symlink(command, join(app, "node_modules/.bin/model-provenance"));
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

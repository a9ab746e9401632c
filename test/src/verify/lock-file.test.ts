import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  type LockFile,
  formatLockFile,
  parseLockFile,
  readLockFile,
  writeLockFile,
} from "../../../src/verify/lock-file.ts";
import { verifyLock } from "../../../src/verify/verify-lock.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { setUpVerify } from "../../helpers/verify-command.ts";
import { type PatchOperation, applyPatch, readVectorFile, readVectors } from "../../helpers/vectors.ts";

const parse = (value: unknown) => parseLockFile(Buffer.from(JSON.stringify(value)));

interface ValidVector {
  readonly lock: LockFile;
  readonly contents: Record<string, string>;
  readonly verifies: boolean;
  readonly single?: boolean;
}

describe("vectors of lock files", function () {
  const temporary = useTemporaryFolder();

  for (const { description, lock, contents, verifies, single } of readVectors<ValidVector>("valid", "lock-file")) {
    it(`${verifies ? "verifies" : "is told apart"}: ${description}`, async function () {
      const folder = await temporary.write("model", contents);
      const modelPath = single ? `${folder}/${Object.keys(contents)[0]}` : folder;
      const parsed = parse(lock);
      expect(parsed).to.deep.equal(lock);
      const { verdict } = await verifyLock({ modelPath, lock: parsed });
      expect(verdict).to.equal(verifies ? "verified" : "mismatch");
    });
  }

  const { base } = readVectorFile("invalid", "lock-file") as { base: LockFile };
  it("has a base that is one", function () {
    expect(parse(base)).to.deep.equal(base);
  });
  for (const { description, patch } of readVectors<{ patch: PatchOperation[] }>("invalid", "lock-file")) {
    it(`refuses ${description}`, async function () {
      expect(await errorCode(() => parse(applyPatch(base, patch)))).to.equal("LOCK_INVALID");
    });
  }

  it("refuses anything else, without another error", async function () {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(await errorCode(() => parseLockFile(bytes))).to.equal("LOCK_INVALID");
      }),
      { numRuns: 200 },
    );
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 3 }), async (json) => {
        expect(await errorCode(() => parseLockFile(Buffer.from(json)))).to.equal("LOCK_INVALID");
      }),
      { numRuns: 200 },
    );
  });
});

describe("lock files", function () {
  const temporary = useTemporaryFolder();
  const { base } = readVectorFile("invalid", "lock-file") as { base: LockFile };

  it("are written with a line a file, and read back", async function () {
    const path = temporary.path("model.lock.json");
    await writeLockFile(path, base);
    const text = await readFile(path, "utf8");
    expect(text.split("\n").filter((line) => line.includes('"sha256"'))).to.have.length(base.files.length);
    expect(await readLockFile(path)).to.deep.equal(base);
    expect(JSON.parse(formatLockFile(base))).to.deep.equal(base);
    await writeLockFile(path, { ...base, approved: { blockNumber: 1 } }); // another lock may be overwritten
    expect((await readLockFile(path)).approved.blockNumber).to.equal(1);
  });

  it("do not overwrite anything else, and are not read from anything else", async function () {
    const path = temporary.path("other.json");
    await writeFile(path, "{}");
    expect(await errorCode(() => writeLockFile(path, base))).to.equal("OPTION_INVALID");
    expect(await readFile(path, "utf8")).to.equal("{}");
    await mkdir(temporary.path("folder"));
    for (const name of ["folder", "none"]) {
      expect(await errorCode(() => readLockFile(temporary.path(name)))).to.equal("LOCK_INVALID");
    }
  });
});

describe("verify --write-lock and --lock", function () {
  const temporary = useTemporaryFolder();
  const policy = 'schemaVersion: "1.0"\nlicenses: { allow: [MIT] }\n';

  async function approve() {
    const { record, verify, minter, registry } = await setUpVerify(temporary);
    const files = { "README.md": "---\nlicense: mit\n---\n", "w.bin": "weights" };
    const modelPath = await temporary.write("model", files);
    const tokenId = await record({ modelPath, statements: { version: "1.0.0" } });
    const lockPath = temporary.path("model.lock.json");
    await temporary.write(".", { "policy.yaml": policy });
    const common = {
      MODEL_PATH: modelPath,
      MODEL_POLICY: temporary.path("policy.yaml"),
      MODEL_CREATORS: minter.address,
    };
    return { verify, modelPath, tokenId, lockPath, common, minter, registry };
  }

  it("writes what was approved, and needs no network afterwards", async function () {
    const { verify, lockPath, common, minter, registry } = await approve();
    const first = await verify({ ...common, WRITE_LOCK: lockPath });
    expect(first, first.stdout + first.stderr).to.include({ exitCode: 0 });
    const lock = await readLockFile(lockPath);
    expect(lock.record).to.include({ creator: minter.address, status: "active", license: "MIT" });
    expect(lock.registry).to.equal(`eip155:31337:${registry.address}`);
    expect(lock.approved.policyDigest).to.match(/^0x[0-9a-f]{64}$/);
    // No registry, no store: nothing is asked.
    const offline = {
      ...common,
      LOCK_FILE: lockPath,
      MODEL_PROVENANCE_ADDRESS: "",
      STORE_PATH: temporary.path("none"),
      VERBOSE: "1",
    };
    const second = await verify(offline);
    expect(second, second.stdout).to.include({ exitCode: 0 });
    expect(second.stdout).to.include("not checked what was said of the model since");
  });

  it("refuses other files, another creator, another policy", async function () {
    const { verify, modelPath, tokenId, lockPath, common, minter } = await approve();
    await verify({ ...common, WRITE_LOCK: lockPath });
    const { MODEL_POLICY, MODEL_CREATORS: _, ...plain } = common;
    const locked = { ...plain, LOCK_FILE: lockPath };
    expect((await verify(locked)).exitCode).to.equal(0);
    expect((await verify({ ...locked, MODEL_CREATORS: `0x${"12".repeat(20)}` })).exitCode).to.equal(5);
    expect((await verify({ ...locked, MODEL_CREATORS: minter.address.toLowerCase() })).exitCode).to.equal(0);
    expect((await verify({ ...locked, MODEL_POLICY })).exitCode).to.equal(0);
    expect((await verify({ ...locked, TOKEN_ID: tokenId })).exitCode).to.equal(0);
    const anotherToken = await verify({ ...locked, TOKEN_ID: "7" });
    expect(anotherToken.exitCode).to.equal(5);
    expect(anotherToken.stdout).to.not.include("VERIFIED");
    expect((await verify({ ...locked, CHAIN_ID: "31337" })).exitCode).to.equal(0);
    for (const elsewhere of [{ CHAIN_ID: "1" }, { MODEL_PROVENANCE_ADDRESS: `0x${"11".repeat(20)}` }]) {
      const other = await verify({ ...locked, ...elsewhere });
      expect(other.exitCode).to.equal(5);
      expect(other.stdout).to.not.include("VERIFIED");
    }
    await writeFile(MODEL_POLICY, `${policy}# changed\n`);
    const other = await verify({ ...locked, MODEL_POLICY });
    expect(other.exitCode).to.equal(5);
    expect(other.stdout).to.not.include("VERIFIED");
    await writeFile(`${modelPath}/w.bin`, "changed");
    const changed = await verify(locked);
    expect(changed.exitCode).to.equal(1);
    expect(changed.stdout).to.include("MISMATCH").and.to.not.include("VERIFIED");
    await rm(`${modelPath}/w.bin`);
    expect((await verify(locked)).stdout).to.include("MISSING");
  });

  it("asks that the lock be of a registry that is listed, where there is a list", async function () {
    const { verify, lockPath, common, registry } = await approve();
    await verify({ ...common, WRITE_LOCK: lockPath });
    const list = async (address: string) => {
      const entry = `  - { chainId: 31337, address: "${address}", rpcUrl: "http://127.0.0.1:1" }`;
      await writeFile(temporary.path("registries.yaml"), `schemaVersion: "1.0"\nregistries:\n${entry}\n`);
      const MODEL_REGISTRIES = temporary.path("registries.yaml");
      return verify({ ...common, LOCK_FILE: lockPath, MODEL_PROVENANCE_ADDRESS: "", MODEL_REGISTRIES });
    };
    expect((await list(registry.address)).exitCode).to.equal(0);
    expect((await list(`0x${"11".repeat(20)}`)).exitCode).to.equal(5);
  });

  it("judges the record in the lock by the policy, by today's clock", async function () {
    const { verify, lockPath, common, registry } = await approve();
    const rules = [
      "deprecated: refuse",
      "maximumAge: 30d",
      `registries: ["eip155:31337:${registry.address}"]`,
      "licenses: { allow: [MIT] }",
      "formats: { refuse: [gguf] }",
      "signature: required",
      "ancestors: { status: active }",
    ];
    await writeFile(common.MODEL_POLICY, ['schemaVersion: "1.0"', ...rules].join("\n"));
    const first = await verify({ ...common, WRITE_LOCK: lockPath });
    expect(first, first.stdout).to.include({ exitCode: 0 });
    const approved = await readLockFile(lockPath);
    const judge = async (change: object, registryLine = approved.registry) => {
      const lock = { ...approved, registry: registryLine, record: { ...approved.record, ...change } };
      await writeFile(lockPath, formatLockFile(lock));
      return verify({ ...common, LOCK_FILE: lockPath, MODEL_PROVENANCE_ADDRESS: "", VERBOSE: "1" });
    };
    const kept = await judge({ mintedAt: Math.floor(Date.now() / 1000) });
    expect(kept, kept.stdout).to.include({ exitCode: 0 });
    expect(kept.stdout).to.include("the policy's rule on signature").and.to.include("the policy's rule on ancestors");
    const old = Math.floor(Date.now() / 1000) - 31 * 86_400;
    const expired = await judge({ mintedAt: old });
    expect(expired.exitCode).to.equal(5);
    expect(expired.stdout).to.include("31 days old").and.to.not.include("VERIFIED");
    expect((await judge({ status: "deprecated" })).exitCode).to.equal(5);
    expect((await judge({ license: "GPL-3.0-only" })).exitCode).to.equal(5);
    expect((await judge({}, `eip155:1:${registry.address}`)).exitCode).to.equal(5);
  });

  it("writes no lock of what is not approved, and none into the model", async function () {
    const { verify, modelPath, lockPath, common } = await approve();
    const refused = await verify({ ...common, MODEL_CREATORS: `0x${"12".repeat(20)}`, WRITE_LOCK: lockPath });
    expect(refused.exitCode).to.equal(5);
    expect(refused.stderr).to.include("No lock was written");
    expect(await readFile(lockPath).catch(() => "none")).to.equal("none");
    expect(await errorCode(() => verify({ ...common, WRITE_LOCK: `${modelPath}/l.json` }))).to.equal("OPTION_INVALID");
    for (const more of [{ VERIFY_FAST: "1" }, { LOCK_FILE: "l" }, { VERIFY_ONLY: "w.bin" }]) {
      const both = { ...common, WRITE_LOCK: lockPath, ...more } as Record<string, string>;
      expect(await errorCode(() => verify(both))).to.equal("OPTION_INVALID");
    }
  });
});

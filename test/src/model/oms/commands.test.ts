import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { createProgress } from "../../../../src/cli/progress.ts";
import { runOmsSign, runOmsVerify } from "../../../../src/cli/run/oms.ts";
import type { Terminal } from "../../../../src/cli/terminal.ts";
import { makeModel, removeModels } from "../../../helpers/model-folder.ts";
import { runCommand } from "../../../helpers/run-command.ts";

describe("oms sign and oms verify", function () {
  afterEach(removeModels);

  it("sign into the model and verify it", async function () {
    const { model, signature, terminal, output } = await prepareSigned();
    expect(await readdir(model)).to.have.members(["a", "b", "model.sig"]);
    expect(await runOmsVerify({ modelPath: model, ...signature }, terminal)).to.equal(0);
    expect(output.join("\n")).to.include("VERIFIED");
  });

  it("answer a program with one document, whatever came out", async function () {
    const { model, privateKey, publicKey } = await prepare();
    const signature = join(model, "model.sig");
    const run = async (...args: string[]) => {
      const { stdout, exitCode } = await runCommand(["oms", ...args, "--json"]);
      return { ...(JSON.parse(stdout) as Record<string, unknown>), code: exitCode };
    };
    const signed = await run("sign", model, "--private-key", privateKey, "--signature", signature);
    expect(signed).to.deep.equal({ schemaVersion: "1.0", verb: "oms sign", signature, code: 0 });
    const verify = ["verify", model, "--signature", signature, "--public-key", publicKey];
    const verified = await run(...verify);
    expect(verified).to.include({ verb: "oms verify", verified: true, exitCode: 0, files: 2, code: 0 });
    await writeFile(join(model, "b"), "changed");
    const differs = await run(...verify);
    expect(differs).to.deep.include({ verified: false, exitCode: 1, code: 1 });
    expect(differs).to.have.nested.property("error.code", "OMS_FILES_DIFFER");
    expect(differs).to.have.nested.property("differences[0].name", "b");
  });

  it("take the password of an encrypted key from the environment alone", async function () {
    const { model, privateKey } = await prepare();
    const pem = createPrivateKey(await readFile(privateKey, "utf8")).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "secret",
    });
    await writeFile(privateKey, pem);
    const signature = join(dirname(model), "outside.sig");
    const args = ["oms", "sign", model, "--private-key", privateKey, "--signature", signature];
    const missing = await runCommand(args);
    expect(missing.exitCode).to.equal(2);
    expect(missing.stderr).to.include("OMS_PRIVATE_KEY_PASSWORD");
    const flag = await runCommand([...args, "--private-key-password", "secret"]);
    expect(flag.exitCode).to.equal(2);
    const wrong = await runCommand(args, { OMS_PRIVATE_KEY_PASSWORD: "hunter2", DEBUG: "1" });
    expect(wrong.exitCode).to.equal(2);
    expect(wrong.stderr).not.to.include("hunter2");
    const signed = await runCommand(args, { OMS_PRIVATE_KEY_PASSWORD: "secret" });
    expect(signed, signed.stderr).to.include({ exitCode: 0, stdout: `signed: ${signature}` });
  });

  it("sign to a place outside the model", async function () {
    const { model, privateKey, publicKey, terminal } = await prepare();
    const signature = join(dirname(model), "outside.sig");
    expect(await runOmsSign({ modelPath: model, privateKey, signature }, terminal)).to.equal(0);
    expect(await runOmsVerify({ modelPath: model, signature, publicKey }, terminal)).to.equal(0);
    expect(await readdir(model)).to.have.members(["a", "b"]);
  });

  it("ignore absolute paths inside the model", async function () {
    const { model, privateKey, publicKey, terminal } = await prepare();
    const signature = join(model, "model.sig");
    await runOmsSign({ modelPath: model, privateKey, signature, ignorePaths: [join(model, "b")] }, terminal);
    await writeFile(join(model, "b"), "changed");
    expect(await runOmsVerify({ modelPath: model, signature, publicKey }, terminal)).to.equal(0);
  });

  it("answer 1 and name the files that differ", async function () {
    const { model, signature, terminal, output } = await prepareSigned();
    await writeFile(join(model, "a"), "changed");
    await writeFile(join(model, "c"), "");
    expect(await runOmsVerify({ modelPath: model, ...signature }, terminal)).to.equal(1);
    expect(output.join("\n"))
      .to.match(/^a +CHANGED +expected [0-9a-f]{64}$/m)
      .and.to.match(/^c +EXTRA/m);
  });

  it("answer 1 for another key, for a broken bundle and for a link", async function () {
    const { model, signature, terminal } = await prepareSigned();
    const other = await prepare();
    const linked = await makeModel({ a: "1" }, { b: "a" });
    const broken = join(dirname(model), "broken.sig");
    await writeFile(broken, "{}");
    const codes = [
      await runOmsVerify({ modelPath: model, ...signature, publicKey: other.publicKey }, terminal),
      await runOmsVerify({ modelPath: model, ...signature, signature: broken }, terminal),
      await runOmsVerify({ modelPath: linked, ...signature }, terminal),
    ];
    expect(codes).to.deep.equal([1, 1, 1]);
  });

  it("accept files that were not signed where asked to", async function () {
    const { model, signature, terminal } = await prepareSigned();
    await writeFile(join(model, "c"), "");
    expect(await runOmsVerify({ modelPath: model, ...signature, ignoreUnsignedFiles: true }, terminal)).to.equal(0);
    expect(await runOmsVerify({ modelPath: model, ...signature, ignorePaths: ["c"] }, terminal)).to.equal(0);
  });

  it("refuse to overwrite anything but a bundle", async function () {
    const { model, privateKey, terminal } = await prepare();
    const signature = join(model, "a");
    const error = await runOmsSign({ modelPath: model, privateKey, signature }, terminal).catch((e: unknown) => e);
    expect(error).to.have.property("code", "OPTION_INVALID");
    expect(await readFile(signature, "utf8")).to.equal("1");
  });

  it("overwrite their own bundle", async function () {
    const { model, privateKey, signature, terminal } = await prepareSigned();
    expect(await runOmsSign({ modelPath: model, privateKey, signature: signature.signature }, terminal)).to.equal(0);
    expect(await runOmsVerify({ modelPath: model, ...signature }, terminal)).to.equal(0);
  });

  for (const [what, options, code] of [
    ["no key", {}, "OPTION_INVALID"],
    ["a key that is not there", { publicKey: "/nowhere/key.pub" }, "OPTION_INVALID"],
    ["a model that is not there", { modelPath: "/nowhere", publicKey: "k" }, "MODEL_NOT_FOUND"],
    ["a signature that is not there", { signature: "/nowhere.sig" }, "OPTION_INVALID"],
  ] as const) {
    it(`call ${what} a wrong use`, async function () {
      const { model, signature, terminal } = await prepareSigned();
      const used = { modelPath: model, signature: signature.signature, ...options };
      expect(await runOmsVerify(used, terminal).catch((e: unknown) => e)).to.have.property("code", code);
    });
  }
});

async function prepare() {
  const model = await makeModel({ a: "1", b: "2" });
  const [privateKey, publicKey] = [join(dirname(model), "key.pem"), join(dirname(model), "key.pub")];
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await writeFile(privateKey, pair.privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(publicKey, pair.publicKey.export({ type: "spki", format: "pem" }));
  const output: string[] = [];
  const write = (text: string) => void output.push(text);
  const terminal: Terminal = {
    progress: () => createProgress({ write: () => undefined }, () => 0),
    print: write,
    note: write,
    warn: write,
    ask: () => Promise.resolve(false),
    interactive: false,
  };
  return { model, privateKey, publicKey, terminal, output };
}

async function prepareSigned() {
  const prepared = await prepare();
  const { model, privateKey, publicKey, terminal } = prepared;
  const signature = join(model, "model.sig");
  expect(await runOmsSign({ modelPath: model, privateKey, signature }, terminal)).to.equal(0);
  return { ...prepared, signature: { signature, publicKey } };
}

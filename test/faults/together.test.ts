import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { Wallet, encryptKeystoreJson } from "ethers";
import { BIN } from "../helpers/built-command.ts";
import { type Publisher, type World, expectPublished, makePublisher, startWorld } from "./helpers/publishing-world.ts";
import { SILENCE } from "./helpers/rpc-proxy.ts";

describe("publishers at once", function () {
  let world: World;
  const made: Publisher[] = [];

  before(async function () {
    world = await startWorld(11155111);
  });

  after(async function () {
    await Promise.all(made.map(async ({ proxy }) => proxy.close()));
    await world.close();
  });

  const make = async (name: string, wallet = world.minters[0] as Wallet) => {
    const publisher = await makePublisher(world, name, wallet);
    made.push(publisher);
    return publisher;
  };

  it("of one model end in one token, and all but one say that it was there", async function () {
    const publisher = await make("same");
    const before = await world.provider.getTransactionCount(publisher.wallet.address);
    const runs = await Promise.all([1, 2, 3].map(async () => publisher.run({ OUTPUT_FORMAT: "json" })));
    for (const { exitCode, stderr } of runs) expect(exitCode, stderr).to.equal(0);
    const existing = runs.map(({ stdout }) => (JSON.parse(stdout) as { existing: boolean }).existing);
    expect(existing.filter((there) => !there)).to.have.length(1);
    await expectPublished(world, publisher, "same");
    expect(await world.provider.getTransactionCount(publisher.wallet.address)).to.equal(before + 1);
  });

  it("of many models on one account take a nonce each", async function () {
    const publishers = await Promise.all(["a", "b", "c", "d"].map(async (name) => make(name)));
    const statePath = join(world.folder, "shared-state");
    const { address } = world.minters[0] as Wallet;
    const before = await world.provider.getTransactionCount(address);
    const runs = await Promise.all(publishers.map(async ({ run }) => run({ STATE_PATH: statePath })));
    for (const { exitCode, stderr } of runs) expect(exitCode, stderr).to.equal(0);
    for (const publisher of publishers) await expectPublished(world, { ...publisher, statePath }, "many");
    expect(await world.provider.getTransactionCount(address)).to.equal(before + publishers.length);
  });

  it("take over from one that was killed while it held everything", async function () {
    const publisher = await make("orphan");
    const first = publisher.start();
    publisher.proxy.intercept = async (call, forward) => {
      if (call.method !== "eth_sendRawTransaction") return forward();
      first.child.kill("SIGKILL");
      return SILENCE;
    };
    expect((await first.ended).signal).to.equal("SIGKILL");
    publisher.proxy.intercept = undefined;
    const runs = await Promise.all([publisher.run(), publisher.run()]);
    for (const { exitCode, stderr } of runs) expect(exitCode, stderr).to.equal(0);
    await expectPublished(world, publisher, "orphan");
  });

  it("print the command that goes on when they are interrupted, and it does", async function () {
    const publisher = await make("interrupted");
    const first = publisher.start();
    publisher.proxy.intercept = async (call, forward) => {
      if (call.method !== "eth_estimateGas") return forward();
      first.child.kill("SIGINT");
      return SILENCE;
    };
    const { signal, stderr } = await first.ended;
    publisher.proxy.intercept = undefined;
    expect(signal, stderr).to.equal("SIGINT");
    const command = /^to go on from here: (.*)$/m.exec(stderr)?.[1] as string;
    expect(command).to.include(`model-provenance publish ${publisher.modelPath}`);
    expect(command).to.not.include(publisher.wallet.privateKey.slice(2));
    const again = command.replace(" model-provenance ", ` '${process.execPath}' '${BIN}' `);
    const { PATH = "" } = process.env;
    const env = { PATH, PRIVATE_KEY: publisher.wallet.privateKey };
    await promisify(execFile)("sh", ["-c", again], { env });
    await expectPublished(world, publisher, "interrupted");
  });

  it("on a public chain refuse a store that only this machine can read, unless it is named", async function () {
    const publisher = await make("private");
    const result = await publisher.run({ STORE: "" });
    expect(result.exitCode).to.equal(2);
    expect(result.stderr).to.match(/^error\[STORE_NOT_PUBLIC\]: [^\n]*$/);
    expect((await publisher.run()).exitCode).to.equal(0);
  });

  it("sign with an encrypted keystore, and never print its password or key", async function () {
    const publisher = await make("keystore", world.minters[1]);
    const [keystore, password, wrong] = ["key.json", "password", "wrong"].map((name) => join(world.folder, name)) as [
      string,
      string,
      string,
    ];
    const secret = "correct horse battery staple";
    const key = Wallet.fromPhrase("test test test test test test test test test test test junk"); // Not a minter.
    const { address, privateKey } = publisher.wallet;
    await writeFile(keystore, await encryptKeystoreJson({ address, privateKey }, secret, { scrypt: { N: 2 } }));
    await writeFile(password, `${secret}\n`);
    await writeFile(wrong, "guess");
    const file = { PRIVATE_KEY: "", KEYSTORE_PATH: keystore };
    const refused = [
      [{ ...file, KEYSTORE_PASSWORD_FILE: wrong }, "SIGNER_MISSING", "does not open"],
      [file, "SIGNER_MISSING", "KEYSTORE_PASSWORD_FILE"],
      [{ ...file, KEYSTORE_PASSWORD_FILE: password, PRIVATE_KEY: key.privateKey }, "OPTION_INVALID", "both set"],
      [{ ...file, KEYSTORE_PATH: password, KEYSTORE_PASSWORD_FILE: password }, "SIGNER_MISSING", "no encrypted"],
      [{ ...file, KEYSTORE_PASSWORD_FILE: join(world.folder, "none") }, "OPTION_INVALID", "does not exist"],
      [{ ...file, KEYSTORE_PASSWORD_FILE: password, MINT_FROM: key.address }, "SIGNER_MISSING", key.address],
      [{ PRIVATE_KEY: "0x12" }, "OPTION_INVALID", "64 hex digits"],
      [{ PRIVATE_KEY: "f".repeat(64) }, "OPTION_INVALID", "64 hex digits"],
      [{ PRIVATE_KEY: key.privateKey }, "NOT_MINTER", key.address],
    ] as const;
    for (const [environment, code, text] of refused) {
      const { stderr, stdout, exitCode } = await publisher.run(environment);
      expect(exitCode, stderr).to.be.oneOf([2, 6]);
      expect(stderr).to.include(`error[${code}]`).and.to.include(text);
      for (const hidden of [secret, publisher.wallet.privateKey.slice(2)])
        expect(stderr + stdout).to.not.include(hidden);
    }
    const minted = await publisher.run({ ...file, KEYSTORE_PASSWORD_FILE: password });
    expect(minted.exitCode, minted.stderr).to.equal(0);
    await expectPublished(world, publisher, "keystore");
    await rm(keystore);
  });

  it("use an account of the node's own where no key is given", async function () {
    const publisher = await make("node-signs", world.minters[2]);
    const from = { PRIVATE_KEY: "", MINT_FROM: publisher.wallet.address };
    const lost = publisher.start(from);
    publisher.proxy.intercept = async (call, forward) => {
      if (call.method !== "eth_sendTransaction") return forward();
      await forward();
      lost.child.kill("SIGKILL");
      return SILENCE;
    };
    expect((await lost.ended).signal).to.equal("SIGKILL");
    publisher.proxy.intercept = undefined;
    const before = await world.provider.getTransactionCount(publisher.wallet.address);
    const again = await publisher.run(from);
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(await world.provider.getTransactionCount(publisher.wallet.address)).to.equal(before);
    const unknown = await publisher.run({ PRIVATE_KEY: "", MINT_FROM: `0x${"1".repeat(40)}` });
    expect(unknown.exitCode).to.equal(2);
    expect(unknown.stderr).to.include("SIGNER_MISSING");
  });
});

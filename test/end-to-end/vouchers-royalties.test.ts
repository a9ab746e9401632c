import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { readRoyalty } from "../../src/registry/royalties.ts";
import { parseVoucherFile } from "../../src/publish/voucher-file.ts";
import { signerOfVoucher } from "../../src/publish/voucher.ts";
import { toHex32 } from "../../src/base/hex.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { RoyaltySplitterFactory__factory } from "../../typechain-types/factories/contracts/royalties/RoyaltySplitterFactory__factory.ts";
import { modelSubmission } from "../helpers/model-submissions.ts";
import { runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

/** What the tests look at of a document. */
interface Document {
  readonly existing: boolean;
  readonly changed: Record<string, unknown>;
  readonly consequences: { affects: string };
  readonly transaction: { gasUsed: number };
  readonly splitter: string;
  readonly steps: { transaction?: object }[];
}

type Served = Awaited<ReturnType<typeof serveRegistry>>;

describe("vouchers and royalties from the command line", function () {
  const temporary = useTemporaryFolder();
  let served: Served;
  let accounts: string[];

  before(async function () {
    served = await serveRegistry();
    const { provider } = served.minter;
    accounts = await Promise.all([0, 1, 2, 3].map(async (index) => (await provider.getSigner(index)).address));
  });

  after(async function () {
    await served.close();
  });

  const account = (index: number) => accounts[index] as string;
  const environment = () => ({
    RPC_URL: served.url,
    MODEL_PROVENANCE_ADDRESS: served.registry.address,
    STORE_PATH: temporary.path("store"),
  });
  const run = async (from: number, ...args: string[]) => runCommand([...args, "--from", account(from)], environment());
  const blockNumber = async () => Number(await served.minter.provider.send("eth_blockNumber", []));

  async function done(from: number, ...args: string[]) {
    const { exitCode, stdout, stderr } = await run(from, ...args, "--json");
    expect(exitCode, stderr).to.equal(0);
    return { document: JSON.parse(stdout) as Document, stderr };
  }

  async function refused(from: number, fault: string, ...args: string[]) {
    const before = await blockNumber();
    const { exitCode, stdout, stderr } = await run(from, ...args);
    expect({ exitCode, stdout }, stderr).to.deep.equal({ exitCode: 6, stdout: "" });
    expect(stderr).to.include(fault);
    expect(await blockNumber()).to.equal(before);
  }

  describe("voucher", function () {
    /** A voucher of the first account for the second, in a file. */
    async function createVoucher(name: string, deadline = "7d") {
      const model = await temporary.write(name, { "weights.bin": name });
      const path = temporary.path(`${name}.voucher.json`);
      const terms = ["--to", account(1), "--deadline", deadline, "--license", "MIT"];
      const created = await done(0, "voucher", "create", model, ...terms, "--out", path);
      const { modelDigest } = await hashModel(model);
      return { model, path, terms, modelDigest, ...created };
    }

    it("is signed without gas, and minted by whoever holds it", async function () {
      const before = await blockNumber();
      const { path, document, stderr, modelDigest, model, terms } = await createVoucher("alpha");
      expect(await blockNumber()).to.equal(before);
      expect(document.changed).to.include({ tokenId: modelDigest, to: account(1), file: path });
      expect(stderr).to.include("whoever holds the voucher").and.to.include("nothing is sent to the chain");
      const signed = parseVoucherFile(await readFile(path));
      expect(signerOfVoucher(served.registry, signed)).to.equal(account(0));

      const overwriting = await run(0, "voucher", "create", model, ...terms, "--out", path);
      expect([overwriting.exitCode, overwriting.stdout]).to.deep.equal([2, ""]);
      const tried = await done(2, "voucher", "redeem", path, "--dry-run");
      expect(tried.document.consequences.affects).to.include("a voucher has no price");
      const redeemed = await done(2, "voucher", "redeem", path);
      expect(redeemed.document.changed).to.include({ tokenId: modelDigest, creator: account(0), to: account(1) });
      expect(redeemed.document.transaction.gasUsed).to.be.greaterThan(100_000);
      const record = await readModelRecord(served.registry, BigInt(modelDigest));
      expect(record).to.include({ creator: account(0), owner: account(1), license: "MIT" });

      const again = await run(2, "voucher", "redeem", path);
      expect(again.exitCode, again.stderr).to.equal(0);
      expect(again.stdout).to.include("nothing was sent");
      await refused(0, "nothing to cancel", "voucher", "cancel", path);
      await refused(0, "ALREADY_MINTED", "voucher", "create", model, ...terms, "--out", temporary.path("other.json"));
    });

    it("is cancelled by its signer alone, and mints no more", async function () {
      const { path } = await createVoucher("beta");
      await refused(1, "only its signer can cancel it", "voucher", "cancel", path);
      const { document } = await done(0, "voucher", "cancel", path);
      expect(document.changed).to.include({ before: "usable", after: "cancelled", signer: account(0) });
      await refused(2, "its signer cancelled it", "voucher", "redeem", path);
      expect((await done(0, "voucher", "cancel", path)).document.existing).to.equal(true);
    });

    it("is refused when it expired, was changed, or is of another registry or of no minter", async function () {
      const { path } = await createVoucher("gamma", "1h");
      const json = JSON.parse(await readFile(path, "utf8"));
      const changed = temporary.path("changed.json");
      await writeFile(changed, JSON.stringify({ ...json, voucher: { ...json.voucher, to: account(3) } }));
      await refused(2, "is no minter of the registry", "voucher", "redeem", changed);
      await writeFile(changed, JSON.stringify({ ...json, registry: `eip155:1:${served.registry.address}` }));
      const elsewhere = await run(2, "voucher", "redeem", changed);
      expect([elsewhere.exitCode, elsewhere.stdout]).to.deep.equal([2, ""]);
      await writeFile(changed, "{}");
      expect((await run(2, "voucher", "redeem", changed)).exitCode).to.equal(2);
      expect((await run(2, "voucher", "redeem", temporary.path("none.json"))).exitCode).to.equal(2);

      await served.minter.provider.send("evm_increaseTime", [3601]);
      await served.minter.provider.send("evm_mine", []);
      await refused(2, "it expired at", "voucher", "redeem", path);
      expect((await done(0, "voucher", "cancel", path)).document.existing).to.equal(true);
    });

    it("is not made by who may not mint, nor into the model, and a dry run leaves nothing", async function () {
      const model = await temporary.write("delta", { "weights.bin": "delta" });
      const terms = ["--to", account(1), "--deadline", "1d"];
      const out = temporary.path("delta.json");
      await refused(1, "NOT_MINTER", "voucher", "create", model, ...terms, "--out", out);
      const inside = await run(
        0,
        "voucher",
        "create",
        model,
        ...terms,
        "--out",
        temporary.path("delta", "voucher.json"),
      );
      expect([inside.exitCode, inside.stdout]).to.deep.equal([2, ""]);
      await refused(
        0,
        "is expired",
        "voucher",
        "create",
        model,
        "--to",
        account(1),
        "--deadline",
        "2020-01-01",
        "--out",
        out,
      );
      const { document } = await done(0, "voucher", "create", model, ...terms, "--out", out, "--dry-run");
      expect(document).to.include({ dryRun: true });
      expect(await readFile(out, "utf8").catch(() => "none")).to.equal("none");
    });
  });

  describe("royalty", function () {
    let tokenId: string;

    before(async function () {
      const submission = modelSubmission("royal", { royaltyReceiver: account(0), royaltyBasisPoints: 500 });
      tokenId = toHex32(BigInt(submission.modelDigest));
      await (await served.registry.contract.mintProvenanceNFT(account(1), submission)).wait();
    });

    const info = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await runCommand(
        ["royalty", "info", tokenId, ...args, "--json"],
        environment(),
      );
      expect(exitCode, stderr).to.equal(0);
      return JSON.parse(stdout) as { shares: { payee: string; share: number }[] };
    };

    it("is shown, changed by the creator, and never raised", async function () {
      expect(await info("--price", "2")).to.deep.include({
        verb: "royalty info",
        receiver: account(0),
        basisPoints: 500,
        salePrice: "2000000000000000000",
        amount: "100000000000000000",
      });
      await refused(1, "is not the creator", "royalty", "set", tokenId, "--royalty-bps", "100");
      await refused(0, "only falls", "royalty", "set", tokenId, "--royalty-bps", "600");
      const { document, stderr } = await done(0, "royalty", "set", tokenId, "--royalty-bps", "400");
      expect(document.changed).to.deep.include({
        before: { receiver: account(0), basisPoints: 500 },
        after: { receiver: account(0), basisPoints: 400 },
      });
      expect(stderr).to.include("the rate never rises again");
      expect((await run(0, "royalty", "set", tokenId)).exitCode).to.equal(2);
      expect((await run(0, "royalty", "set", "--royalty-bps", "1")).exitCode).to.equal(2);
    });

    it("has a default, which the admin sets", async function () {
      await refused(1, "is not the admin", "royalty", "set", "--default", "--royalty-bps", "100");
      await refused(0, "needs a receiver", "royalty", "set", "--default", "--royalty-bps", "100");
      await done(0, "royalty", "set", "--default", "--royalty-bps", "100", "--royalty-receiver", account(3));
      expect(await readRoyalty(served.registry, 1n, 10_000n)).to.deep.equal({ receiver: account(3), amount: 100n });
      await done(0, "royalty", "set", "--default", "--royalty-bps", "0");
      expect((await readRoyalty(served.registry, 1n, 10_000n)).amount).to.equal(0n);
    });

    it("is divided by a splitter that is made once", async function () {
      const payees = ["--payee", `${account(2)}=70`, "--payee", `${account(3)}=30`];
      const unknown = await run(0, "royalty", "split", tokenId, ...payees);
      expect(unknown.exitCode).to.equal(2);
      expect(unknown.stderr).to.include("SPLITTER_FACTORY");
      const factory = await (await new RoyaltySplitterFactory__factory(served.minter).deploy()).waitForDeployment();
      const at = ["--splitter-factory", await factory.getAddress()];
      await refused(1, "is not the creator", "royalty", "split", tokenId, ...payees, ...at);
      for (const bad of ["0x00=1", `${account(2)}=0`, `${account(2)}`, `${account(2)}=4294967296`]) {
        expect((await run(0, "royalty", "split", tokenId, "--payee", bad, ...at)).exitCode, bad).to.equal(2);
      }
      const { document } = await done(0, "royalty", "split", tokenId, ...payees, ...at);
      expect(document.steps.map(({ transaction }) => transaction !== undefined)).to.deep.equal([true, true]);
      const shown = await info();
      expect(shown).to.include({ receiver: document.splitter, basisPoints: 400 });
      expect(shown.shares.map(({ payee, share }) => [payee, share])).to.deep.equal([
        [account(2), 70],
        [account(3), 30],
      ]);
      await (await served.minter.sendTransaction({ to: document.splitter, value: 1000n })).wait();
      const paid = await done(1, "royalty", "release", tokenId, account(2));
      expect(paid.document.changed).to.include({ payee: account(2), amount: "700" });
      expect((await done(1, "royalty", "release", tokenId, account(2))).document.existing).to.equal(true);
      await refused(1, "has no share", "royalty", "release", tokenId, account(1));
      const again = await done(0, "royalty", "split", tokenId, ...payees, ...at);
      expect(again.document).to.include({ existing: true, splitter: document.splitter });
    });
  });
});

import { ZeroAddress } from "ethers";
import { expect } from "chai";
import { isEndorsed } from "../../src/registry/endorsements.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { hasRole } from "../../src/registry/roles.ts";
import { hasAccess } from "../../src/registry/usage.ts";
import { toHex32 } from "../../src/base/hex.ts";
import { ModelRenderer__factory } from "../../typechain-types/factories/contracts/registry/ModelRenderer__factory.ts";
import { modelSubmission } from "../helpers/model-submissions.ts";
import { runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";

type Served = Awaited<ReturnType<typeof serveRegistry>>;

describe("administration from the command line", function () {
  let served: Served;
  let accounts: string[];
  let parentId: bigint;
  let childId: bigint;

  before(async function () {
    served = await serveRegistry();
    const { registry, minter } = served;
    accounts = (await minter.provider.send("eth_accounts", [])) as string[];
    accounts = await Promise.all(accounts.map(async (account) => (await minter.provider.getSigner(account)).address));
    const parent = modelSubmission("parent");
    parentId = BigInt(parent.modelDigest);
    const child = modelSubmission("child", { relation: 2, parents: [parentId] });
    childId = BigInt(child.modelDigest);
    // Owned by the second account, created by the first.
    await (await registry.contract.mintBatch(accounts[1] as string, [parent, child])).wait();
  });

  after(async function () {
    await served.close();
  });

  const environment = () => ({ RPC_URL: served.url, MODEL_PROVENANCE_ADDRESS: served.registry.address });
  const run = async (from: number, ...args: string[]) =>
    runCommand([...args, "--from", accounts[from] as string], environment());
  const sent = async () => Number(await served.minter.provider.send("eth_blockNumber", []));
  const account = (index: number) => accounts[index] as string;

  /** Runs a verb that must succeed, and reads its document. */
  async function done(from: number, ...args: string[]) {
    const { exitCode, stdout, stderr } = await run(from, ...args, "--json");
    expect(exitCode, stderr).to.equal(0);
    return { document: JSON.parse(stdout), stderr };
  }

  /** Runs a verb that must be refused with 6 before anything is sent, and prints no result. */
  async function refused(from: number, fault: string, ...args: string[]) {
    const before = await sent();
    const { exitCode, stdout, stderr } = await run(from, ...args);
    expect({ exitCode, stdout }, stderr).to.deep.equal({ exitCode: 6, stdout: "" });
    expect(stderr)
      .to.match(/^error\[TRANSACTION_REFUSED\]: /)
      .and.to.include(fault);
    expect(await sent()).to.equal(before);
  }

  describe("roles", function () {
    it("gives, lists and takes a role, and does nothing twice", async function () {
      const { registry } = served;
      await refused(3, "is not the admin", "roles", "grant", "minter", account(3));
      const { document, stderr } = await done(0, "roles", "grant", "minter", account(3));
      expect(document).to.deep.include({
        schemaVersion: "1.0",
        verb: "roles grant",
        existing: false,
        dryRun: false,
        chainId: 1337,
        registry: registry.address,
        signer: account(0),
        changed: { role: "minter", account: account(3), before: false, after: true },
      });
      expect(document.transaction.transactionHash).to.match(/^0x[0-9a-f]{64}$/);
      expect(document.transaction.blockNumber).to.equal(await sent());
      expect(stderr)
        .to.include("record models")
        .and.to.include("worst cost")
        .and.to.match(/undo +the admin takes/);
      expect(await hasRole(registry, "minter", account(3))).to.equal(true);

      const again = await done(0, "roles", "grant", "minter", account(3));
      expect(again.document).to.include({ existing: true }).and.not.to.have.property("transaction");
      const listed = JSON.parse((await runCommand(["roles", "list", "--json"], environment())).stdout) as {
        admin: string;
        holders: { role: string; account: string }[];
      };
      expect(listed.admin).to.equal(account(0));
      expect(listed.holders.map((holder) => [holder.role, holder.account])).to.deep.equal([
        ["admin", account(0)],
        ["minter", account(0)],
        ["curator", account(0)],
        ["minter", account(3)],
      ]);

      // An account gives its own role up without the admin.
      expect((await done(3, "roles", "revoke", "minter", account(3))).document.changed).to.include({ after: false });
      expect(await hasRole(registry, "minter", account(3))).to.equal(false);
      const list = await runCommand(["roles", "list", "--role", "minter"], environment());
      expect(list.stdout).to.match(new RegExp(`^ROLE .*\nminter +${account(0)} .*$`));
      expect((await done(0, "roles", "revoke", "minter", account(3))).document.existing).to.equal(true);
    });

    it("hands the administration over in two steps", async function () {
      const { document } = await done(0, "roles", "grant", "admin", account(4));
      expect(document.changed).to.deep.include({
        role: "admin",
        admin: account(0),
        after: account(4),
        delaySeconds: 259_200,
      });
      await refused(4, "can be taken over after", "roles", "accept");
      await refused(5, "was not named as the next admin", "roles", "accept");
      await refused(0, "hands the role over", "roles", "revoke", "admin", account(0));
      expect((await runCommand(["roles", "list"], environment())).stderr).to.include(`${account(4)} is named`);
      expect((await done(0, "roles", "revoke", "admin", account(4))).document.changed).to.include({
        before: account(4),
      });
      await refused(4, "was not named", "roles", "accept");

      await done(0, "roles", "grant", "admin", account(4));
      await served.minter.provider.send("evm_increaseTime", [259_201]);
      await served.minter.provider.send("evm_mine", []);
      expect((await done(4, "roles", "accept")).document.changed).to.deep.equal({
        role: "admin",
        before: account(0),
        after: account(4),
      });
      // Back again, for the tests that follow.
      await done(4, "roles", "grant", "admin", account(0));
      await served.minter.provider.send("evm_increaseTime", [259_201]);
      await served.minter.provider.send("evm_mine", []);
      await done(0, "roles", "accept");
    });
  });

  describe("status set", function () {
    const status = async () => (await readModelRecord(served.registry, parentId))?.status;

    it("deprecates by the owner, lifts it, and says what that means", async function () {
      const id = toHex32(parentId);
      const { exitCode, stdout, stderr } = await run(1, "status", "set", id, "deprecated", "--reason", "use 1.4.1");
      expect(exitCode, stderr).to.equal(0);
      expect(stdout).to.match(
        new RegExp(`^the model ${id} is deprecated: block \\d+, \\d+ gas, transaction 0x[0-9a-f]{64}$`),
      );
      expect(stderr).to.include("verifiers warn of it").and.to.include("status set active");
      expect(await status()).to.equal("deprecated");
      expect((await done(1, "status", "set", id, "active")).document.changed).to.deep.equal({
        tokenId: id,
        before: "deprecated",
        after: "active",
        reason: "",
      });
      expect((await done(1, "status", "set", id, "active")).document.existing).to.equal(true);
    });

    it("refuses who may not, and what cannot be", async function () {
      const id = toHex32(parentId);
      await refused(1, "only its creator and curators revoke", "status", "set", id, "revoked");
      await refused(5, "neither owner nor creator", "status", "set", id, "deprecated");
      await done(0, "status", "set", id, "deprecated");
      // Who holds it only the contract knows: it is asked without sending.
      await refused(1, "curator over creator over owner", "status", "set", id, "active");
      await done(0, "status", "set", id, "active");
      const unknown = await run(0, "status", "set", "7", "revoked");
      expect([unknown.exitCode, unknown.stdout]).to.deep.equal([3, ""]);
      expect((await run(0, "status", "set", id, "gone")).exitCode).to.equal(2);
      expect((await run(0, "status", "set", id)).exitCode).to.equal(2);
    });

    it("sends nothing in a dry run, or for more than may be spent", async function () {
      const id = toHex32(parentId);
      const before = await sent();
      const { document } = await done(0, "status", "set", id, "revoked", "--dry-run");
      expect(document).to.include({ dryRun: true }).and.not.to.have.property("transaction");
      expect(document.consequences.undo).to.include("never");
      expect(document.cost.gas).to.be.greaterThan(21_000);
      const costly = await run(0, "status", "set", id, "revoked", "--max-cost", "0.000000001");
      expect([costly.exitCode, costly.stdout]).to.deep.equal([6, ""]);
      expect(costly.stderr).to.include("COST_TOO_HIGH").and.to.include("never: a revocation is final");
      expect(await sent()).to.equal(before);
      expect(await status()).to.equal("active");
    });

    it("sets the status of a batch", async function () {
      const root = toHex32(99n);
      await (await served.registry.contract.anchorBatch(root, toHex32(98n), 3)).wait();
      await refused(
        5,
        "neither owner nor creator",
        "status",
        "set-batch",
        root,
        "deprecated",
        "--batch-creator",
        account(0),
      );
      expect((await run(5, "status", "set-batch", root, "deprecated")).exitCode).to.equal(3);
      const { document } = await done(0, "status", "set-batch", root, "revoked");
      expect(document.changed).to.deep.include({ root, count: 3, before: "active", after: "revoked" });
      await refused(0, "that is final", "status", "set-batch", root, "active");
    });

    it("revokes for ever", async function () {
      const id = toHex32(childId);
      await done(0, "status", "set", id, "revoked", "--reason", "poisoned");
      await refused(0, "that is final", "status", "set", id, "active");
      expect((await done(0, "status", "set", id, "revoked")).document.existing).to.equal(true);
    });
  });

  describe("endorse", function () {
    it("endorses and withdraws, here and elsewhere", async function () {
      const { registry } = served;
      const [parent, child] = [toHex32(parentId), toHex32(childId)];
      await refused(0, "is not the owner", "endorse", parent, child);
      await refused(1, "does not name", "endorse", parent, parent);
      expect((await done(1, "endorse", parent, child)).document.changed).to.include({ before: false, after: true });
      expect(await isEndorsed(registry, parentId, { tokenId: childId })).to.equal(true);
      expect((await done(1, "endorse", parent, child)).document.existing).to.equal(true);
      await done(1, "endorse", parent, child, "--withdraw");
      expect(await isEndorsed(registry, parentId, { tokenId: childId })).to.equal(false);
      expect((await done(1, "endorse", parent, child, "--withdraw")).document.existing).to.equal(true);

      const place = `eip155:8453:${registry.address}`;
      const { document } = await done(1, "endorse", parent, "5", "--child-registry", place);
      expect(document.changed).to.include({ childId: toHex32(5n), childRegistry: place });
      const elsewhere = { tokenId: 5n, registry: { chainId: 8453n, address: registry.address } };
      expect(await isEndorsed(registry, parentId, elsewhere)).to.equal(true);
    });
  });

  describe("use", function () {
    it("grants until a time and takes it back", async function () {
      const { registry } = served;
      const id = toHex32(parentId);
      await refused(0, "is not the owner", "use", "grant", id, account(5), "--until", "30d");
      await refused(1, "not in the future", "use", "grant", id, account(5), "--until", "2020-01-31");
      await refused(1, "may use the model anyway", "use", "grant", id, account(1), "--until", "1h");
      const { document } = await done(1, "use", "grant", id, account(5), "--until", "30d");
      const { timestamp } = (await registry.provider.getBlock("latest")) ?? { timestamp: 0 };
      expect(document.changed.expires).to.be.within(timestamp + 30 * 86_400 - 60, timestamp + 30 * 86_400);
      expect(await hasAccess(registry, parentId, account(5))).to.equal(true);
      await done(1, "use", "revoke", id, account(5));
      expect(await hasAccess(registry, parentId, account(5))).to.equal(false);
      expect((await done(1, "use", "revoke", id, account(5))).document.existing).to.equal(true);
      expect((await run(1, "use", "grant", id, account(5))).exitCode).to.equal(2);
      expect((await run(1, "use", "grant", id, account(5), "--until", "soon")).exitCode).to.equal(2);
    });
  });

  describe("validator and renderer", function () {
    it("sets, shows and clears a validator", async function () {
      const { registry } = served;
      expect((await runCommand(["validator", "show"], environment())).stdout).to.equal("none: transfers ask nobody");
      await refused(1, "is not the admin", "validator", "set", registry.address);
      await refused(0, "there is no contract", "validator", "set", account(6));
      // Any contract will do: this one refuses every transfer, and can be unset all the same.
      const { document, stderr } = await done(0, "validator", "set", registry.address);
      expect(document.changed).to.deep.equal({ before: null, after: registry.address });
      expect(stderr).to.include("a faulty one stops all of them");
      expect(JSON.parse((await runCommand(["validator", "show", "--json"], environment())).stdout).validator).to.equal(
        registry.address,
      );
      await done(0, "validator", "clear");
      expect((await done(0, "validator", "clear")).document.existing).to.equal(true);
      expect(await registry.contract.getTransferValidator()).to.equal(ZeroAddress);
    });

    it("sets a renderer, warns of one that draws nothing, and locks it", async function () {
      const { registry, minter } = served;
      const renderer = await (await new ModelRenderer__factory(minter).deploy(registry.address)).waitForDeployment();
      const address = await renderer.getAddress();
      await refused(1, "is not the admin", "renderer", "set", address);
      expect((await done(0, "renderer", "set", registry.address)).stderr).to.include("no picture of the collection");
      expect((await done(0, "renderer", "set", address)).stderr).not.to.include("no picture");
      expect((await runCommand(["renderer", "show"], environment())).stdout).to.equal(`${address} (not locked)`);
      await done(0, "renderer", "lock");
      expect((await done(0, "renderer", "lock")).document.existing).to.equal(true);
      await refused(0, "is locked for ever", "renderer", "clear");
      expect((await runCommand(["renderer", "show"], environment())).stdout).to.equal(`${address} (locked for ever)`);
    });
  });
});

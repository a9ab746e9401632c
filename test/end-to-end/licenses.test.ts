import { readFile, writeFile } from "node:fs/promises";
import { sha256 } from "ethers";
import { expect } from "chai";
import { type Hex, toHex32 } from "../../src/base/hex.ts";
import { openMarket } from "../../src/registry/market/market.ts";
import { holdsLicense } from "../../src/registry/market/licenses.ts";
import { RECEIPT_TYPES, formatReceipt, receiptDomain } from "../../src/registry/receipts/inference-receipt.ts";
import { ERC20Mock__factory } from "../../typechain-types/factories/contracts/mocks/TokenMocks.sol/ERC20Mock__factory.ts";
import { LicenseMarket__factory } from "../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import { modelSubmission } from "../helpers/model-submissions.ts";
import { runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

type Served = Awaited<ReturnType<typeof serveRegistry>>;

/** What is read of the documents that the verbs print. */
interface Printed {
  changed: { offerId: string; offer: { termsDigest: string } };
  offers: object[];
  licenses: [{ licenseId: string }];
  unsettledOffers: [{ amount: string }];
  withdrawable: { amount: string };
}

interface LineageDocument {
  nodes: { tokenId: string; trade?: object }[];
  edges: { shareBasisPoints?: number }[];
}

describe("licences from the command line", function () {
  const temporary = useTemporaryFolder();
  let served: Served;
  let accounts: string[];
  let market: string;
  let environment: Record<string, string>;
  let base: string;
  let child: string;

  before(async function () {
    served = await serveRegistry();
    const { registry, minter } = served;
    accounts = (await minter.provider.listAccounts()).map(({ address }) => address);
    const parent = modelSubmission("base");
    const derived = modelSubmission("child", { relation: 2, parents: [BigInt(parent.modelDigest)] });
    await (await registry.contract.mintBatch(account(0), [parent])).wait();
    await (await registry.contract.mintBatch(account(1), [derived])).wait();
    const contract = await new LicenseMarket__factory(minter).deploy();
    market = await contract.getAddress();
    [base, child] = [toHex32(BigInt(parent.modelDigest)), toHex32(BigInt(derived.modelDigest))];
    environment = { RPC_URL: served.url, MODEL_PROVENANCE_ADDRESS: registry.address, LICENSE_MARKET: market };
  });

  after(async function () {
    await served.close();
  });

  const account = (index: number) => accounts[index] as string;
  const run = async (from: number, ...args: string[]) =>
    runCommand([...args, "--from", account(from)], { ...environment, STORE_PATH: temporary.path("store") });

  /** Runs a verb that must succeed, and reads its document. */
  async function done(from: number, ...args: string[]): Promise<Printed> {
    const { exitCode, stdout, stderr } = await run(from, ...args, "--json");
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout) as Printed;
  }

  const show = async (verb: string, id: string) =>
    JSON.parse((await runCommand([verb, "show", id, "--json"], environment)).stdout) as Printed;
  const access = async (index: number, id: string) =>
    holdsLicense(
      await openMarket(served.registry.provider, market),
      { registry: served.registry.address, tokenId: BigInt(id) },
      account(index),
    );
  const terms = async () => {
    await writeFile(temporary.path("terms.txt"), "Use it, do not resell it.");
    return temporary.path("terms.txt");
  };

  it("tells a sale from the offer to the withdrawal of both", async function () {
    const path = await terms();
    const shares = ["revenue", "upstream", child, "--share", `${base}=1000`];
    expect((await run(0, ...shares)).stdout).to.include(`you agreed that the parents get ${base} 10 %`);
    expect((await run(1, ...shares)).stdout).to.include(`the parents get ${base} 10 %`);
    expect((await run(1, ...shares)).stdout).to.include("already: nothing was sent");

    const out = temporary.path("offer.json");
    const offering = ["--license-price", "0.5", "--duration", "30d", "--terms", path];
    const dry = await run(1, "license", "offer", child, ...offering, "--out", out, "--dry-run");
    expect(dry.stdout).to.equal("license offer: nothing was pinned or signed, as DRY_RUN says");
    expect(dry.stderr).to.include("for 30 days for 0.5 ether").and.include("no gas");
    const { changed } = await done(1, "license", "offer", child, ...offering, "--out", out);
    expect(changed.offer.termsDigest).to.equal(sha256(await readFile(path)));
    expect((await run(1, "license", "offer", child, ...offering, "--out", out)).exitCode).to.equal(2);

    const plan = await run(2, "license", "buy", out, "--dry-run");
    expect(plan.stderr)
      .to.include(`${account(1)} is paid 0.5 ether`)
      .and.match(/worst cost +0\.5\d+ ether/);
    expect(await access(2, child)).to.equal(false);
    const tooDear = await run(2, "license", "buy", out, "--max-cost", "0.4");
    expect(tooDear.stderr).to.match(/^error\[COST_TOO_HIGH\]/m);
    await done(2, "license", "buy", out);
    expect(await access(2, child)).to.equal(true);

    const shown = await show("license", child);
    expect(shown.offers).to.have.length(1);
    expect(shown.offers[0]).to.include({ offerId: changed.offerId, state: "open", isAlive: true, sold: 1 });
    expect(shown.licenses[0]).to.include({ holder: account(2), isRenewable: true });
    const text = await runCommand(["license", "show", child], environment);
    expect(text.stdout)
      .to.include("1 sold")
      .and.include(`${account(2)}, until `);

    const record = JSON.parse((await runCommand(["show", child, "--json"], environment)).stdout) as { trade: Printed };
    expect(record.trade.offers).to.have.length(1);
    expect(record.trade).to.deep.include({ market, upstream: [{ parentId: base, basisPoints: 1000 }] });

    const lineage = async (...args: string[]) => (await runCommand(["lineage", base, ...args], environment)).stdout;
    const { nodes, edges } = JSON.parse(await lineage("--json")) as LineageDocument;
    expect(nodes.find(({ tokenId }) => tokenId === child)?.trade).to.deep.equal(record.trade);
    expect(nodes.find(({ tokenId }) => tokenId === base)?.trade).to.deep.include({ market, offers: [], upstream: [] });
    expect(edges).to.have.length(1);
    expect(edges[0]).to.include({ shareBasisPoints: 1000 });
    const tree = (await lineage()).split("\n");
    expect(tree[0]).not.to.include("licence to use");
    expect(tree[1]).to.include("claimed, parent gets 10 %").and.include("licence to use for 0.5 ether, 1 licence sold");

    await done(2, "license", "renew", shown.licenses[0].licenseId);
    const early = await run(2, "license", "renew", shown.licenses[0].licenseId);
    expect(early.exitCode).to.equal(6);
    expect(early.stderr).to.include("at most one duration is paid ahead");

    expect((await show("revenue", child)).unsettledOffers[0].amount).to.equal(String(10n ** 18n));
    expect((await run(3, "revenue", "settle", child)).stdout).to.include("1.0 ether of the offer");
    expect((await run(3, "revenue", "settle", child)).stdout).to.include("there is nothing to settle");
    expect((await show("revenue", base)).withdrawable.amount).to.equal(String(10n ** 17n));
    expect((await run(0, "revenue", "withdraw")).stdout).to.include("was paid 0.1 ether");
    expect((await run(1, "revenue", "withdraw", "--to", account(4))).stdout).to.include(
      `${account(4)} was paid 0.9 ether`,
    );
    expect((await run(1, "revenue", "withdraw")).stdout).to.include("nothing is due");
  });

  it("sells for a token, by an offer that is listed, until it is cancelled", async function () {
    const token = await new ERC20Mock__factory(served.minter).deploy();
    await (await token.mint(account(2), 1_000n)).wait();
    const currency = await token.getAddress();
    const listing = ["license", "list", base, "--license-price", "300", "--currency", currency, "--kind", "serve"];
    const { changed } = await done(0, ...listing, "--terms", await terms());
    const { offerId } = changed;
    expect((await run(2, "license", "buy", offerId)).stdout).to.include("holds a licence to serve the model");
    expect(await token.balanceOf(market)).to.equal(300n);
    expect(await token.allowance(account(2), market)).to.equal(0n);
    await done(0, "revenue", "settle", base);
    expect((await run(0, "revenue", "withdraw", "--currency", currency)).stdout).to.include("300 units");

    const stranger = await run(2, "license", "cancel", offerId);
    expect([stranger.exitCode, stranger.stdout]).to.deep.equal([6, ""]);
    await done(0, "license", "cancel", offerId);
    expect((await run(0, "license", "cancel", offerId)).stdout).to.include("cancelled already");
    const late = await run(2, "license", "buy", offerId);
    expect(late.exitCode).to.equal(6);
    expect(late.stderr).to.include("the seller cancelled the offer");
    const held = (await show("license", base)).licenses[0].licenseId;
    expect((await run(2, "license", "cancel", "--license-id", held)).stdout).to.include("has ended");
    expect(await access(2, base)).to.equal(false);
  });

  it("keeps children from selling for less than a parent asks", async function () {
    await done(0, "revenue", "terms", base, "--minimum", "2000");
    const refused = await run(1, "license", "list", child, "--license-price", "1", "--terms", await terms());
    expect(refused.exitCode).to.equal(6);
    expect(refused.stderr).to.include("asks for 2000 basis points, and has 1000");
  });

  it("verifies the receipt of an answer, by its exit code and in words", async function () {
    const { registry, minter } = served;
    const output = temporary.path("answer.txt");
    await writeFile(output, "an answer");
    const receipt = {
      registry: registry.address,
      tokenId: BigInt(base),
      requestDigest: sha256("0x") as Hex,
      responseDigest: sha256(await readFile(output)) as Hex,
      answeredAt: 1_800_000_000n,
    };
    const domain = receiptDomain(registry.chainId, registry.address);
    const signature = (await minter.signTypedData(domain, RECEIPT_TYPES, receipt)) as Hex;
    const path = temporary.path("receipt.json");
    await writeFile(path, formatReceipt({ chainId: registry.chainId, receipt, signer: account(0), signature }));
    const verify = async (...args: string[]) => runCommand(["verify", "--receipt", path, ...args], environment);
    const good = await verify("--output", output);
    expect(good.exitCode, good.stderr).to.equal(0);
    expect(good.stdout)
      .to.match(/^verified: /)
      .and.include("it owns the token")
      .and.include("does not prove that the answer was computed by this model");
    const { stdout } = await verify("--json");
    expect(JSON.parse(stdout)).to.include({ verdict: "verified", right: "owner" });
    expect((await verify("--output", path)).exitCode).to.equal(1);
    expect((await runCommand(["verify", "--output", path], environment)).exitCode).to.equal(2);
  });

  it("refuses what cannot be: another market, an unknown offer, no market", async function () {
    const unknown = await run(2, "license", "buy", `0x${"12".repeat(23)}`);
    expect(unknown.exitCode).to.equal(2);
    expect(unknown.stderr).to.match(/^error\[OFFER_INVALID\]/m);
    const wrong = await runCommand(["license", "show", base, "--market", served.registry.address], environment);
    expect(wrong.stderr).to.match(/^error\[MARKET_NOT_FOUND\]/m);
    const none = await runCommand(["revenue", "show", base], { ...environment, LICENSE_MARKET: "" });
    expect(none.stderr).to.match(/^error\[OPTION_MISSING\]/m);
    expect((await run(2, "license", "cancel")).stderr).to.include("Name either the offer");
  });
});

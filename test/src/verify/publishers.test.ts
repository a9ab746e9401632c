import { expect } from "chai";
import type { AddressBook, PublisherSources } from "../../../src/registry/publishers/publisher-sources.ts";
import { bookKey } from "../../../src/registry/publishers/publisher-sources.ts";
import { createDidFetcher } from "../../../src/registry/publishers/fetch-did-document.ts";
import { toVerifyDocument, verifyDocumentSchema } from "../../../src/verify/report-document.ts";
import { applyPolicy } from "../../../src/verify/policy/apply-policy.ts";
import { applyPolicyToLock } from "../../../src/verify/policy/apply-to-lock.ts";
import { parsePolicy } from "../../../src/verify/policy/policy.ts";
import { findPublisherAccounts } from "../../../src/verify/policy/publisher-accounts.ts";
import { formatLockFile, parseLockFile } from "../../../src/verify/lock-file.ts";
import { toLockFile, verifyLock } from "../../../src/verify/verify-lock.ts";
import { verifyModel } from "../../../src/verify/verify-model.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "../../helpers/recorded-model.ts";
import { type DidSite, didDocument, startDidSite } from "../../helpers/servers/did-site.ts";
import { digestOf } from "../../helpers/submissions.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("a verdict on a model by a publisher", function () {
  const temporary = useTemporaryFolder();
  let site: DidSite;

  before(async function () {
    site = await startDidSite();
  });

  after(async function () {
    await site.close();
  });

  async function deploy(publisher: string | undefined = site.did) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const { registry, minter, store } = deployed;
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.onnx_data": "weights" });
    const statements = { license: "MIT", ...(publisher !== undefined && { publisher }) };
    await recordModel(deployed, { modelPath, statements });
    const account = `eip155:${registry.chainId}:${minter.address}`;
    site.answer = didDocument(site.did, account);
    site.asked.length = 0;
    const publishers: PublisherSources = { fetchDid: createDidFetcher({ privateOrigin: site.origin }) };
    const verify = async (more: PublisherSources = {}) =>
      verifyModel({ modelPath, registry, store, publishers: { ...publishers, ...more } });
    const judge = async (yaml: string, more: PublisherSources = {}) => {
      const policy = parsePolicy(Buffer.from(`schemaVersion: "1.0"\n${yaml}`));
      const context = { registries: [registry], store, now: () => new Date() };
      return applyPolicy(await verify(more), { policy }, context);
    };
    return { ...deployed, modelPath, account, verify, judge };
  }

  it("names who is behind the creator in the first sentence, in a check and in the document", async function () {
    const { verify, minter } = await deploy();
    const report = await verify();
    const { port } = new URL(site.origin);
    expect(report.reason).to.equal(`Exactly these files were recorded by localhost:${port} (${minter.address}).`);
    expect(report.publisher).to.include({ name: `localhost:${port}`, source: "did:web" });
    expect(report.checks.find(({ name }) => name === "publisher")).to.include({ passed: true });
    const document = JSON.parse(JSON.stringify(toVerifyDocument(report, 0))) as object;
    expect(verifyDocumentSchema.parse(document).publisher?.claims[0]?.holds).to.equal("yes");
    expect(site.asked).to.deep.equal(["/.well-known/did.json"]);
  });

  it("stays what it is, with the address alone, where the site does not say so or cannot be asked", async function () {
    const { verify, minter } = await deploy();
    site.answer = didDocument(site.did);
    const refused = await verify();
    expect(refused.verdict).to.equal("verified");
    expect(refused.reason).to.include(`by ${minter.address}.`);
    expect(refused.warnings.join()).to.match(/The creator says it is localhost:\d+, which does not say so/);
    expect(refused.checks.find(({ name }) => name === "publisher")).to.include({ warns: true });
    site.answer = undefined;
    const open = await verify();
    expect(open.verdict).to.equal("verified");
    expect(open.warnings.join()).to.not.include("localhost");
    expect(open.notChecked.find(({ name }) => name === "publisher")?.why).to.include("status 404");
  });

  it("asks no site of a model whose metadata hold somebody else's signature", async function () {
    const { registry, minter, store } = await networkHelpers.loadFixture(deployRegistry);
    store.blocks.clear();
    const modelPath = await temporary.write("model", { "w.onnx_data": "other" });
    const change = {
      metadata: (metadata: { provenance: { publisher?: object } }) => {
        metadata.provenance.publisher = { did: site.did, signature: `0x${"11".repeat(64)}1b` };
        return metadata;
      },
    };
    await recordModel({ registry, minter, store }, { modelPath, statements: {} }, change as never);
    site.asked.length = 0;
    const publishers = { fetchDid: createDidFetcher({ privateOrigin: site.origin }) };
    const { publisher, warnings } = await verifyModel({ modelPath, registry, store, publishers });
    expect(publisher?.claims[0]).to.include({ holds: "no" });
    expect(warnings.join()).to.include("its signature is not (or no longer) one of this account");
    expect(site.asked).to.deep.equal([]);
  });

  it("keeps a policy that asks for publishers: accepted, refused, or not known", async function () {
    const { judge, minter, registry } = await deploy();
    const book: AddressBook = new Map([[bookKey(minter.address, registry.chainId), "Example Lab"]]);
    const accepting = [
      `publishers: ["${site.did}"]`,
      `publishers: ["did:web:example.org", "${site.did}"]`,
      `publishers: [Lab: "${minter.address}"]`,
      `publishers: { Lab: ["eip155:${registry.chainId}:${minter.address}"] }`,
    ];
    for (const yaml of accepting) expect((await judge(yaml)).verdict, yaml).to.equal("verified");
    expect((await judge("publishers: [Example Lab]", { book })).verdict).to.equal("verified");
    const refusing = [
      `publishers: ["did:web:example.org"]`,
      "publishers: [Example Lab]",
      `publishers: { Lab: "eip155:1:${minter.address}" }`,
    ];
    for (const yaml of refusing) {
      const { verdict, policy } = await judge(yaml);
      expect(verdict, yaml).to.equal("unacceptable");
      expect(policy?.violations[0]?.rule).to.equal("publishers");
    }
    site.answer = didDocument(site.did);
    expect((await judge(`publishers: ["${site.did}"]`)).verdict).to.equal("unacceptable");
    site.answer = (_: unknown, response: { end: (text: string) => void }) => response.end("<html>");
    const open = await judge(`publishers: ["${site.did}"]`);
    expect(open.verdict).to.equal("unchecked");
    expect((await judge(`publishers: ["did:web:example.org"]`)).verdict).to.equal("unacceptable");
  });

  it("warns of no creators only where neither these nor publishers are named", async function () {
    const { judge } = await deploy();
    const warned = async (yaml: string) => (await judge(yaml)).warnings.some((text) => text.startsWith("No creators"));
    expect(await warned("signature: required")).to.equal(true);
    expect(await warned(`publishers: ["${site.did}"]`)).to.equal(false);
  });

  it("is written into a lock with what held, and a lock is judged by that without asking anybody", async function () {
    const { verify, modelPath } = await deploy();
    const lock = parseLockFile(Buffer.from(formatLockFile(toLockFile(await verify(), 7))));
    expect(lock.publishers?.map(({ id }) => id)).to.deep.equal([site.did]);
    site.asked.length = 0;
    const report = await verifyLock({ modelPath, lock });
    expect(report.reason).to.match(/as recorded by localhost:\d+ \(0x/);
    const judge = async (yaml: string, without = false) => {
      const policy = parsePolicy(Buffer.from(`schemaVersion: "1.0"\n${yaml}`));
      const { publishers: _, ...bare } = lock;
      const given = without ? await verifyLock({ modelPath, lock: bare }) : report;
      return (await applyPolicyToLock(given, { policy }, { now: () => new Date() })).verdict;
    };
    expect(await judge(`publishers: ["${site.did}"]`)).to.equal("verified");
    expect(await judge(`publishers: ["did:web:example.org"]`)).to.equal("unacceptable");
    expect(await judge(`publishers: ["${site.did}"]`, true)).to.equal("unacceptable");
    expect(site.asked).to.deep.equal([]);
  });

  it("says of a name that a lock accepted, and that does not hold any more, that it was valid once", async function () {
    const { verify, minter } = await deploy();
    const { publishers = [] } = toLockFile(await verify(), 7);
    site.answer = didDocument(site.did);
    const accepted = { account: minter.address, claims: publishers as never };
    const report = await verify({ accepted });
    expect(report.publisher?.claims[0]).to.include({ holds: "former" });
    expect(report.warnings.join()).to.match(/The creator was localhost:\d+, which does not say so any more/);
    site.answer = undefined;
    expect((await verify({ accepted })).publisher?.claims[0]?.holds).to.equal("unknown");
  });

  it("judges, of several records of a model, one by an accepted publisher", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const { registry, admin, stranger, minter, store } = deployed;
    await registry.contract.connect(admin).grantRole(await registry.contract.MINTER_ROLE(), stranger);
    const modelPath = await temporary.write("model", { "w.onnx_data": "many" });
    const submission = await prepareSubmission({ modelPath, statements: {} }, deployed);
    await anchorBatch([{ ...submission, modelDigest: digestOf("a") }, submission], { ...deployed, minter: stranger });
    await networkHelpers.time.increase(1000);
    await recordModel(deployed, { modelPath, statements: { publisher: site.did } });
    site.answer = didDocument(site.did, `eip155:${registry.chainId}:${minter.address}`);
    const publishers = { fetchDid: createDidFetcher({ privateOrigin: site.origin }) };
    const request = { modelPath, registry, store, publishers };
    expect((await verifyModel(request)).record?.creator).to.equal(stranger.address);
    const { publishers: named } = parsePolicy(Buffer.from(`schemaVersion: "1.0"\npublishers: ["${site.did}"]`));
    const accounts = await findPublisherAccounts(named as never, publishers);
    const report = await verifyModel({ ...request, acceptance: { accounts: accounts as never } });
    expect(report.record?.creator).to.equal(minter.address);
    expect(report.publisher?.source).to.equal("did:web");
    expect(await findPublisherAccounts({ names: ["lab.eth"], book: new Map() }, publishers)).to.equal(undefined);
  });
});

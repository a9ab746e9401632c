import { expect } from "chai";
import { Wallet } from "ethers";
import { startDeadline } from "../../../../src/base/deadline.ts";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { signPublisher } from "../../../../src/metadata/publisher-statement.ts";
import { findPublisher } from "../../../../src/registry/publishers/find-publisher.ts";
import { describeClaim, nameAccount } from "../../../../src/registry/publishers/publisher.ts";
import {
  type PublisherQuestion,
  type PublisherSources,
  bookKey,
  rememberDocuments,
} from "../../../../src/registry/publishers/publisher-sources.ts";
import { testAccount, testWallet } from "../../../helpers/metadata.ts";

const DID = "did:web:example.org";
const TIME = 1_790_000_000;
const { creator: account, chainId, registry } = testAccount;
const statement = await signPublisher(DID, testWallet, { chainId, registry });
const listed = `eip155:${chainId}:${account}`;

const documentOf =
  (...methods: object[]) =>
  async () =>
    Promise.resolve({ bytes: Buffer.from(JSON.stringify({ id: DID, verificationMethod: methods })), time: TIME });
const ask = async (sources: PublisherSources, rest: Partial<PublisherQuestion> = {}) =>
  findPublisher({ account, chainId, registry, statement, deadline: startDeadline(5000), ...rest }, sources);
const bookOf = (...entries: [string, string][]) => new Map(entries);
const failure = async () => Promise.reject(new ProvenanceError("STORE_FAILED", "example.org answers with status 500."));

describe("findPublisher", function () {
  it("names a did:web that holds in both directions, with the time of the document", async function () {
    const publisher = await ask({ fetchDid: documentOf({ blockchainAccountId: listed }) });
    expect(publisher).to.deep.equal({
      account,
      name: "example.org",
      source: "did:web",
      claims: [{ source: "did:web", id: DID, name: "example.org", holds: "yes", checkedAt: TIME }],
    });
    expect(nameAccount(account, publisher)).to.equal(`example.org (${account})`);
  });

  it("names nobody where the document does not list the account", async function () {
    const publisher = await ask({ fetchDid: documentOf() });
    expect(publisher).to.not.have.property("name");
    expect(publisher.claims.map(describeClaim)).to.deep.equal([
      "says it is example.org, which does not say so, as of 2026-09-21T14:13:20.000Z",
    ]);
    expect(nameAccount(account, publisher)).to.equal(account);
  });

  it("names nobody for an account of another chain", async function () {
    const { claims, name } = await ask({ fetchDid: documentOf({ blockchainAccountId: `eip155:1:${account}` }) });
    expect(name).to.equal(undefined);
    expect(claims[0]).to.include({ holds: "no", why: "it lists the account for other chains alone (1)" });
  });

  it("says that a name was valid once, where its owner ended it", async function () {
    const ended = { blockchainAccountId: listed, revoked: new Date((TIME - 1) * 1000).toISOString() };
    const { claims, name } = await ask({ fetchDid: documentOf(ended) });
    expect(name).to.equal(undefined);
    expect(claims.map(describeClaim)).to.deep.equal([
      "was example.org, which does not say so any more: it ended 2026-09-21T14:13:19.000Z",
    ]);
    const later = { ...ended, revoked: new Date((TIME + 1) * 1000).toISOString() };
    expect((await ask({ fetchDid: documentOf(later) })).name).to.equal("example.org");
  });

  it("does not ask a web site that the account did not sign", async function () {
    const signature = (await signPublisher(DID, Wallet.createRandom(), { chainId, registry })).signature;
    const other = (await signPublisher(DID, testWallet, { chainId: 1n, registry })).signature;
    for (const wrong of [signature, other]) {
      const fetchDid = () => expect.fail("asked");
      const provider = { call: async () => Promise.resolve(`0x${"1".padStart(64, "0")}`) } as never;
      const { claims } = await ask({ fetchDid }, { statement: { did: DID, signature: wrong }, provider });
      expect(claims[0]).to.include({ holds: "no" });
      expect(describeClaim(claims[0] as never)).to.match(/^is said to be example\.org, but its signature is not/);
    }
  });

  it("does not know where the site, or the account's contract, cannot be asked", async function () {
    const failed = await ask({ fetchDid: failure });
    expect(failed.claims[0]).to.include({ holds: "unknown", why: "example.org answers with status 500" });
    const html = await ask({ fetchDid: async () => Promise.resolve({ bytes: Buffer.from("<html>"), time: TIME }) });
    expect(html.claims[0]?.holds).to.equal("unknown");
    expect((await ask({})).claims[0]?.holds).to.equal("unknown");
    const slow = await ask({ fetchDid: async () => new Promise(() => undefined) }, { deadline: startDeadline(20) });
    expect(slow.claims[0]?.holds).to.equal("unknown");
    const unsigned = { did: DID, signature: `0x${"22".repeat(300)}` };
    const asked = await ask({ fetchDid: documentOf({ blockchainAccountId: listed }) }, { statement: unsigned });
    expect(asked.claims[0]?.holds).to.equal("unknown");
  });

  it("believes the address book first, its names for one chain before those for all, and says the others", async function () {
    const book = bookOf([bookKey(account), "Everywhere"], [bookKey(account, chainId), "Example Lab"]);
    const publisher = await ask({ book, fetchDid: documentOf({ blockchainAccountId: listed }) });
    expect(publisher).to.include({ name: "Example Lab", source: "address-book" });
    expect(publisher.claims.map(({ source, name }) => `${source} ${name}`)).to.deep.equal([
      "address-book Example Lab",
      "did:web example.org",
    ]);
    expect((await ask({ book }, { chainId: 1n })).name).to.equal("Everywhere");
  });

  it("takes ENS last, and only a name that leads back", async function () {
    const readEns = (leadsBack: boolean) => async () => Promise.resolve({ name: "lab.eth", leadsBack, time: TIME });
    const provider = { getCode: async () => Promise.resolve("0x") } as never;
    const question = { statement: undefined, provider };
    expect(await ask({ readEns: readEns(true) }, question)).to.include({ name: "lab.eth", source: "ens" });
    expect(await ask({ readEns: readEns(false) }, question)).to.not.have.property("name");
    const contract = { getCode: async () => Promise.resolve("0x60") } as never;
    expect((await ask({ readEns: readEns(true) }, { ...question, provider: contract })).claims).to.deep.equal([]);
    expect((await ask({ readEns: readEns(true) }, { ...question, provider: contract, chainId: 1n })).name).to.equal(
      "lab.eth",
    );
    const unread = (await ask({ readEns: failure }, question)).unread;
    expect(unread).to.deep.equal(["ENS could not be asked: example.org answers with status 500"]);
  });

  it("takes a statement that the verifier named, for this account and registry alone", async function () {
    const fetchDid = documentOf({ blockchainAccountId: listed });
    const named = { ...statement, account, registry: `eip155:${chainId}:${registry.toLowerCase()}` };
    const without = { statement: undefined };
    expect((await ask({ fetchDid, statements: [named] }, without)).name).to.equal("example.org");
    const others = [
      { ...named, account: Wallet.createRandom().address },
      { ...named, registry: `eip155:1:${registry}` },
    ];
    expect((await ask({ fetchDid, statements: others }, without)).claims).to.deep.equal([]);
  });

  it("fetches a document once for all who ask within one verdict", async function () {
    let fetched = 0;
    const fetchDid = rememberDocuments(async () => {
      fetched++;
      return documentOf({ blockchainAccountId: listed })();
    });
    await Promise.all([ask({ fetchDid }), ask({ fetchDid }), ask({ fetchDid })]);
    expect(fetched).to.equal(1);
  });

  it("shows a name of the address book without what deceives", async function () {
    const book = bookOf([bookKey(account), "ex\u0430mple\u202E"]);
    const publisher = await ask({ book }, { statement: undefined });
    expect(nameAccount(account, publisher)).to.equal(`ex\\u{430}mple\\u{202e} (${account})`);
    expect(publisher.claims.map(describeClaim)).to.deep.equal(["ex\\u{430}mple\\u{202e} (address book)"]);
  });
});

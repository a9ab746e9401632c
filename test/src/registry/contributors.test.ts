import { expect } from "chai";
import { ProvenanceError } from "../../../src/base/errors.ts";
import { compareSplit, findPayees, toShares } from "../../../src/registry/contributors.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { didDocument } from "../../helpers/servers/did-site.ts";

const DID = "did:web:example.org";

describe("contributors", function () {
  async function deploySplitter() {
    const [one, two, three] = (await ethers.getSigners()).map(({ address }) => address) as [string, string, string];
    const factory = await ethers.deployContract("RoyaltySplitterFactory");
    const split = async (payees: string[], weights: bigint[]) => {
      await factory.createSplitter(payees, weights, `0x${"00".repeat(32)}`);
      return factory.predictSplitter(payees, weights, `0x${"00".repeat(32)}`);
    };
    return { one, two, three, split };
  }
  const fetchOf =
    (...accounts: string[]) =>
    async () =>
      Promise.resolve({ bytes: Buffer.from(JSON.stringify(didDocument(DID, ...accounts))), time: 1_790_000_000 });

  it("are paid at their account, or at the only one that their DID lists on the chain", async function () {
    const { one, two, three } = await networkHelpers.loadFixture(deploySplitter);
    const list = [
      { account: one.toLowerCase(), role: "training", share: 5000 },
      { did: DID, role: "data", share: 5000 },
    ];
    const payees = async (fetchDid?: Parameters<typeof findPayees>[2]) => findPayees(list, 31337n, fetchDid);
    const found = await payees(fetchOf(`eip155:31337:${two}`, `eip155:1:${three}`));
    expect(found.map(({ payee }) => payee)).to.deep.equal([one, two]);
    for (const fetchDid of [
      undefined,
      fetchOf(),
      fetchOf(`eip155:31337:${two}`, `eip155:31337:${three}`),
      async () => Promise.reject(new ProvenanceError("STORE_FAILED", "example.org answers with status 500.")),
    ]) {
      expect((await payees(fetchDid))[1]).to.not.have.property("payee");
      expect((await payees(fetchDid))[1]?.why).to.be.a("string");
    }
  });

  it("agree with a splitter by parts of the whole, whatever its weights and their order", async function () {
    const { one, two, three, split } = await networkHelpers.loadFixture(deploySplitter);
    const { provider } = ethers;
    const list = [
      { payee: one, role: "training", share: 7000 },
      { payee: two, role: "data", share: 3000 },
      { payee: three, role: "advice", share: 0 },
    ];
    expect(toShares(list)).to.have.length(2);
    const compare = async (payees: string[], weights: bigint[], given = list) =>
      compareSplit(given, await split(payees, weights), provider);
    expect(await compare([two, one], [3n, 7n])).to.include({ answer: "same" });
    expect(await compare([one, two], [70n, 31n])).to.include({ answer: "differs" });
    expect(await compare([one, two, three], [7n, 3n, 1n])).to.include({ answer: "differs" });
    expect(await compare([one], [1n])).to.include({ answer: "differs" });
    const open = list.map((entry, i) =>
      i === 1 ? { did: DID, role: "data", share: 3000, why: "nobody knows" } : entry,
    );
    expect(await compare([one, two], [7n, 3n], open as never)).to.include({ answer: "unknown", why: "nobody knows" });
    expect(await compareSplit(list, one, provider)).to.include({ answer: "differs" });
    expect(await compareSplit([{ payee: one, role: "all", share: 10_000 }], one, provider)).to.include({
      answer: "same",
    });
  });

  it("do not agree or differ where a node does not answer", async function () {
    const provider = { getCode: async () => Promise.reject(new ProvenanceError("CHAIN_UNREACHABLE", "No answer.")) };
    const answer = await compareSplit(
      [{ payee: `0x${"11".repeat(20)}`, role: "all", share: 10_000 }],
      `0x${"22".repeat(20)}`,
      provider as never,
    );
    expect(answer).to.include({ answer: "unknown" });
  });
});

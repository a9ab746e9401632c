import { expect } from "chai";
import type { Lineage, LineageNode } from "../../../../src/registry/lineage/lineage-graph.ts";
import { nameCreators } from "../../../../src/registry/lineage/name-creators.ts";
import { toLineageDocument } from "../../../../src/registry/lineage/to-document.ts";
import { toTree } from "../../../../src/registry/lineage/to-tree.ts";
import { bookKey } from "../../../../src/registry/publishers/publisher-sources.ts";
import type { Registry } from "../../../../src/registry/registry.ts";
import { signPublisher } from "../../../../src/metadata/publisher-statement.ts";
import { testAccount, testWallet } from "../../../helpers/metadata.ts";
import { didDocument } from "../../../helpers/servers/did-site.ts";

const DID = "did:web:example.org";
const OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("nameCreators", function () {
  const { chainId, registry: address, creator } = testAccount;
  const place = `eip155:${chainId}:${address}`;
  const registry = { chainId, address, provider: undefined } as unknown as Registry;
  const model = (account: string) =>
    ({
      creator: account,
      status: "active",
      license: "MIT",
      relation: "base",
      version: "",
      owners: [],
      parents: [],
    }) as never;

  async function lineageOf(count: number): Promise<Lineage> {
    const statement = await signPublisher(DID, testWallet, { chainId, registry: address });
    const nodes = Array.from({ length: count }, (_, i): LineageNode => {
      const own = i % 2 === 0;
      const key = `${place}/${i}`;
      return {
        key,
        registry: place,
        tokenId: BigInt(i),
        model: model(own ? creator : OTHER),
        ...(own && { statement }),
      };
    });
    const far: LineageNode = { key: "eip155:1:0x/9", registry: "eip155:1:0x", tokenId: 9n };
    const all = [...nodes, far].map((node) => [node.key, node] as const);
    return { start: `${place}/0`, nodes: new Map(all), edges: [], bases: [], gaps: [] };
  }

  it("names each creator, asks each site once, and leaves models alone that are not known", async function () {
    let fetched = 0;
    const fetchDid = async () => {
      fetched++;
      const document = didDocument(DID, `eip155:${chainId}:${creator}`);
      return Promise.resolve({ bytes: Buffer.from(JSON.stringify(document)), time: 1_790_000_000 });
    };
    const book = new Map([[bookKey(OTHER), "Oth\u0435r"]]);
    const named = await nameCreators(await lineageOf(20), [registry], { fetchDid, book });
    expect(fetched).to.equal(1);
    const tree = toTree(named, (text) => text);
    expect(tree).to.include("by example.org (0x").and.to.include("by Oth\\u{435}r (0x");
    expect(named.nodes.get("eip155:1:0x/9")).to.not.have.property("publisher");
    const { nodes } = JSON.parse(
      JSON.stringify(toLineageDocument(named), (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)),
    ) as {
      nodes: { publisher?: { name?: string } }[];
    };
    expect(nodes[0]?.publisher?.name).to.equal("example.org");
  });

  it("says in the tree what does not hold", async function () {
    const fetchDid = async () =>
      Promise.resolve({ bytes: Buffer.from(JSON.stringify(didDocument(DID))), time: 1_790_000_000 });
    const tree = toTree(await nameCreators(await lineageOf(1), [registry], { fetchDid }), (text) => text);
    expect(tree).to.include("who says it is example.org, which does not say so").and.not.include("by example.org");
  });
});

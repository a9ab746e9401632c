import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { addTrades } from "../../../../src/registry/lineage/add-trades.ts";
import { openMarket } from "../../../../src/registry/market/market.ts";
import { readRegistryIndex } from "../../../../src/registry/lineage/read-index.ts";
import { createRegistryIndex } from "../../../../src/registry/lineage/registry-index.ts";
import { type Registry, openRegistry, toCaip10 } from "../../../../src/registry/registry.ts";
import { toHex32 } from "../../../../src/base/hex.ts";
import { type Lineage, findLineage } from "../../../../src/registry/lineage/lineage-graph.ts";
import { toLineageDocument } from "../../../../src/registry/lineage/to-document.ts";
import { toSvg } from "../../../../src/registry/lineage/to-svg.ts";
import { toDot, toMermaid } from "../../../../src/registry/lineage/to-text-graphs.ts";
import { toTree } from "../../../../src/registry/lineage/to-tree.ts";
import type { Metadata } from "../../../../src/metadata/schema.ts";
import { ethers, networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { deployRegistry, recordModel } from "../../../helpers/recorded-model.ts";
import { Relation, type Submission, leanSubmission, tokenIdOf } from "../../../helpers/submissions.ts";
import { makeOffer } from "../../../helpers/offers.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { parseSimpleXml } from "../../../helpers/xml.ts";
import { printable } from "../../../../src/cli/terminal.ts";

const HOSTILE = '</text><script>alert(1)</script>"]; %% ‮\u001b[2J #quot; \\" | end';

describe("lineage", function () {
  const temporary = useTemporaryFolder();

  /**
   * base ─ fine-tune ─ version ┐
   *      └ adapter ────────────┴ merge ─ quantized
   */
  async function family() {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const { registry, minter } = deployed;
    const mint = async (seed: string, relation: bigint, parents: Submission[], more: Partial<Submission> = {}) => {
      const submission = leanSubmission(seed, { relation, parents: parents.map(tokenIdOf), ...more });
      await registry.contract.mintProvenanceNFT(minter, submission);
      return submission;
    };
    const base = await mint("base", Relation.Base, [], { license: "GPL-3.0-only" });
    const tuned = await mint("tuned", Relation.FineTune, [base], { license: "MIT" });
    const version = await mint("version", Relation.Version, [tuned], { version: "2.0.0" });
    const adapter = await mint("adapter", Relation.Adapter, [base], { license: "GPL-3.0-only" });
    const merge = await mint("merge", Relation.Merge, [version, adapter]);
    const quantized = await mint("quantized", Relation.Quantized, [merge]);
    return { ...deployed, mint, base, tuned, version, adapter, merge, quantized };
  }

  async function lineageOf(registry: Registry, submission: Submission, store = new MemoryStore()): Promise<Lineage> {
    const home = { registry, index: await readRegistryIndex(registry) };
    const found = await findLineage(home, tokenIdOf(submission), { registries: [home], store });
    if (found === undefined) throw new Error("not found");
    return found;
  }

  it("finds all ancestors and descendants, each once, and how they are related", async function () {
    const { registry, base, tuned, version, adapter, merge, quantized } = await family();
    const keyOf = (submission: Submission) => `${toCaip10(registry)}/${toHex32(tokenIdOf(submission))}`;
    for (const start of [merge, base]) {
      const { nodes, edges } = await lineageOf(registry, start);
      expect([...nodes.keys()]).to.have.members([base, tuned, version, adapter, merge, quantized].map(keyOf));
      expect(edges.map(({ parent, child, relation }) => [parent, child, relation])).to.have.deep.members([
        [keyOf(base), keyOf(tuned), "fine-tune"],
        [keyOf(tuned), keyOf(version), "version"],
        [keyOf(base), keyOf(adapter), "adapter"],
        [keyOf(version), keyOf(merge), "merge"],
        [keyOf(adapter), keyOf(merge), "merge"],
        [keyOf(merge), keyOf(quantized), "quantized"],
      ]);
    }
    // What a merge came from besides is named, and its own ancestors are not.
    const side = await lineageOf(registry, adapter);
    expect([...side.nodes.keys()]).to.have.members([base, adapter, merge, quantized, version].map(keyOf));
  });

  it("marks endorsement, status, licences that ask for less, and every owner", async function () {
    const { registry, minter, stranger, base, tuned } = await family();
    const before = await lineageOf(registry, tuned);
    const edgeOf = ({ edges }: Lineage) => edges.find(({ relation }) => relation === "fine-tune");
    expect(edgeOf(before)).to.include({ endorsed: false, drift: "more-permissive" });
    await registry.contract.endorse(tokenIdOf(base), 31337n, registry.address, tokenIdOf(tuned));
    await registry.contract.setStatus(tokenIdOf(base), 2n, "poisoned");
    await registry.contract.transferFrom(minter, stranger, tokenIdOf(tuned));
    const after = await lineageOf(registry, tuned);
    expect(edgeOf(after)?.endorsed).to.equal(true);
    const node = (submission: Submission) =>
      [...after.nodes.values()].find(({ tokenId }) => tokenId === tokenIdOf(submission))?.model;
    expect(node(base)?.status).to.equal("revoked");
    expect(node(tuned)?.owners.map(({ owner }) => owner)).to.deep.equal([minter.address, stranger.address]);
    await registry.contract
      .withdrawEndorsement(tokenIdOf(base), 31337n, registry.address, tokenIdOf(tuned))
      .catch(() => undefined);
    const tree = toTree(after, printable);
    expect(tree).to.include("REVOKED").and.include("endorsed, licence asks for less").and.include("1 transfer");
  });

  it("follows parents in other registries where these are known, and names them where not", async function () {
    const { registry, minter, admin, curator, treasury, store, base } = await family();
    const args = ["Other", "OTHER", admin, minter, curator, treasury, 0n] as const;
    const other = await ethers.deployContract("ModelProvenanceNFT", [...args]);
    const second = await openRegistry(ethers.provider, await other.getAddress(), minter);
    const modelPath = await temporary.write("child", { "w.bin": "child" });
    const parent = { tokenId: toHex32(tokenIdOf(base)), relation: "fine-tune" as const, registry: toCaip10(registry) };
    const metadata = (original: Metadata) => {
      original.provenance.parents = [parent];
      return original;
    };
    const statements = { relation: "fine-tune" as const, baseModels: [{ uri: "hf://a/b" }] };
    const childId = await recordModel({ registry: second, minter, store }, { modelPath, statements }, { metadata });
    const homes = [
      { registry, index: await readRegistryIndex(registry) },
      { registry: second, index: await readRegistryIndex(second) },
    ] as const;
    const both = await findLineage(homes[1], childId, { registries: [...homes], store });
    expect(both?.nodes.size).to.equal(2);
    expect(both?.edges[0]).to.include({ relation: "fine-tune", endorsed: false });
    const alone = await findLineage(homes[1], childId, { registries: [homes[1]], store });
    expect([...(alone?.nodes.values() ?? [])].filter(({ model }) => model === undefined)).to.have.length(1);

    // The other way round it is known by the endorsement alone.
    await registry.contract.endorse(tokenIdOf(base), 31337n, second.address, childId);
    const index = await readRegistryIndex(registry);
    const down = await findLineage({ registry, index }, tokenIdOf(base), {
      registries: [{ registry, index }, homes[1]],
      store,
    });
    expect(down?.nodes.has(`${toCaip10(second)}/${toHex32(childId)}`)).to.equal(true);
    const unread = await findLineage(homes[1], childId, { registries: [...homes], store: new MemoryStore() });
    expect(unread?.gaps.join()).to.include("parents elsewhere of 1 models are not known");
  });

  it("names models and the bases outside all registries, as far as their metadata say so", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const { registry, store } = deployed;
    const modelPath = await temporary.write("named", { "w.bin": "named" });
    const statements = { name: "Beta \u202eReader", baseModels: [{ uri: "hf://a/b", relation: "fine-tune" as const }] };
    const tokenId = await recordModel(deployed, { modelPath, statements });
    const home = { registry, index: await readRegistryIndex(registry) };
    const read = async (from: MemoryStore) =>
      (await findLineage(home, tokenId, { registries: [home], store: from })) as Lineage;

    const lineage = await read(store);
    const [outside, line] = toTree(lineage, printable).split("\n");
    expect(outside).to.match(/^hf:\/\/a\/b · fine-tune, claimed/);
    expect(line).to.match(/^▶ Beta \S+Reader 0x/);
    expect(line).to.not.include("\u202e");
    expect(toLineageDocument(lineage)).to.have.nested.property("bases[0].uri", "hf://a/b");
    for (const drawing of [toSvg(lineage), toDot(lineage)]) expect(drawing).to.include("hf://a/b").and.include("Beta");
    expect(toMermaid(lineage)).to.include("Beta");

    const unread = await read(new MemoryStore());
    expect(toTree(unread, printable)).to.match(/^▶ 0x/);
    expect(unread.gaps.join()).to.include("Names, base models");
  });

  it("shows offers, licences and shares, reading the market's events once however many models there are", async function () {
    const { registry, minter, base, tuned, merge } = await family();
    const contract = await ethers.deployContract("LicenseMarket", minter);
    await contract.setUpstream(registry.address, tokenIdOf(tuned), [1_250]);
    const [sold, cancelled] = [
      await makeOffer(registry.contract, tokenIdOf(tuned), minter, { price: 10n ** 17n, kind: 1n }),
      await makeOffer(registry.contract, tokenIdOf(merge), minter),
    ];
    await contract.list(sold);
    for (let i = 0; i < 2; i++) await contract.buy(sold, "0x", minter, { value: sold.price });
    await contract.list(cancelled);
    await contract.cancel(cancelled);

    let searches = 0;
    const provider = new Proxy(registry.provider, {
      get: (real, name: keyof typeof registry.provider) => {
        if (name === "getLogs") searches++;
        const value = real[name];
        return typeof value === "function" ? value.bind(real) : value;
      },
    });
    const market = { ...(await openMarket(registry.provider, await contract.getAddress())), provider };
    const lineage = await addTrades(await lineageOf(registry, tuned), registry, market);
    expect(searches).to.equal(1);
    const { nodes, edges } = toLineageDocument(lineage) as {
      nodes: { tokenId: string; trade: object }[];
      edges: object[];
    };
    const tradeOf = (submission: Submission) =>
      nodes.find(({ tokenId }) => tokenId === toHex32(tokenIdOf(submission)))?.trade;
    expect(tradeOf(base)).to.deep.equal({ market: market.address, offers: [], licenses: [], upstream: [] });
    expect(tradeOf(tuned)).to.have.property("offers").with.length(1);
    expect(tradeOf(tuned)).to.have.property("licenses").with.length(2);
    expect(tradeOf(merge)).to.have.nested.property("offers[0].state", "cancelled");
    expect(edges.filter((edge) => "shareBasisPoints" in edge && edge.shareBasisPoints === 1_250)).to.have.length(1);

    const short = "licence to serve for 0.1 ether";
    for (const text of [toTree(lineage, printable), toDot(lineage), toMermaid(lineage)]) {
      expect(text.split("2 licences sold")).to.have.length(2);
      expect(text)
        .to.include(short)
        .and.match(/parent gets 12.5 (%|#37;)/);
    }
    parseSimpleXml(toSvg(lineage));
    expect(toSvg(lineage)).to.include(`${short}, 2 licences sold</title>`).and.include("parent gets 12.5 %");
  });

  it("draws texts of strangers as nothing but text", async function () {
    const { registry, minter } = await networkHelpers.loadFixture(deployRegistry);
    const base = leanSubmission("h", { license: HOSTILE.slice(0, 60), version: HOSTILE.slice(0, 50) });
    await registry.contract.mintProvenanceNFT(minter, base);
    const child = leanSubmission("c", { relation: Relation.FineTune, parents: [tokenIdOf(base)] });
    await registry.contract.mintProvenanceNFT(minter, child);
    const lineage = await lineageOf(registry, child);
    const svg = toSvg(lineage);
    parseSimpleXml(svg);
    expect(svg).to.not.include("<script");
    const mermaid = toMermaid(lineage);
    for (const line of mermaid.split("\n")) expect(line.match(/"/g)?.length ?? 0).to.be.oneOf([0, 2]);
    expect(mermaid).to.not.match(/<script|%%/);
    expect(toDot(lineage)).to.not.match(/[^\\]" \\\\?]/);
    for (const text of [svg, mermaid, toDot(lineage), toTree(lineage, printable)]) {
      expect(text).to.not.match(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  it("is one JSON document, and DOT that Graphviz reads where it is installed", async function () {
    const { registry, merge } = await family();
    const lineage = await lineageOf(registry, merge);
    const document = JSON.parse(JSON.stringify(toLineageDocument(lineage))) as { nodes: unknown[]; edges: unknown[] };
    expect(document.nodes).to.have.length(6);
    expect(document.edges).to.have.length(6);
    try {
      execFileSync("dot", ["-Tcanon"], { input: toDot(lineage) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  });

  it("draws and walks a chain that is a thousand deep", async function () {
    const registry = { address: `0x${"11".repeat(20)}`, chainId: 1n } as Registry;
    const index = createRegistryIndex();
    const DEPTH = 5_000;
    for (let i = 1; i <= DEPTH; i++) index.models.set(BigInt(i), modelOf(i, i === 1 ? [] : [BigInt(i - 1)]));
    const home = { registry, index };
    for (const start of [1n, BigInt(DEPTH / 2), BigInt(DEPTH)]) {
      const lineage = (await findLineage(home, start, { registries: [home], store: new MemoryStore() })) as Lineage;
      expect(lineage.nodes.size).to.equal(DEPTH);
      expect(toTree(lineage, printable).split("\n")).to.have.length(DEPTH);
      expect(toSvg(lineage)).to.match(/<\/svg>$/);
      expect(toDot(lineage).split("\n").length).to.be.greaterThan(2 * DEPTH - 2);
      toMermaid(lineage);
    }
  });

  it("breaks a row of thousands of children", async function () {
    const registry = { address: `0x${"11".repeat(20)}`, chainId: 1n } as Registry;
    const index = createRegistryIndex();
    index.models.set(1n, modelOf(1, []));
    for (let i = 2; i <= 2_000; i++) index.models.set(BigInt(i), modelOf(i, [1n]));
    const home = { registry, index };
    const lineage = (await findLineage(home, 1n, { registries: [home], store: new MemoryStore() })) as Lineage;
    const [, width] = /width="(\d+)"/.exec(toSvg(lineage)) as unknown as [string, string];
    expect(Number(width)).to.be.lessThan(4_000);
  });
});

function modelOf(id: number, parents: bigint[]) {
  const digest = toHex32(BigInt(id));
  return {
    tokenId: BigInt(id),
    creator: `0x${"22".repeat(20)}`,
    mintedAt: id,
    // A base model: no metadata is asked for parents elsewhere.
    relation: "base" as const,
    parents,
    datasetDigest: digest,
    metadataDigest: digest,
    framework: "",
    license: "MIT",
    performanceMetrics: "",
    version: "",
    blockNumber: id,
    transactionHash: digest,
    status: "active" as const,
    owners: [],
  };
}

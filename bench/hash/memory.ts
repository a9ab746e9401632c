// Builds the tree of 100 000 files in a process of its own, for its time and its peak memory.
import { createHash } from "node:crypto";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { computeManifestRoot } from "model-provenance-nft";

const resources = Array.from({ length: 100_000 }, (_, i) => ({
  name: `shards/${i % 100}/model-${i}.safetensors`,
  size: i,
  sha256: createHash("sha256").update(String(i)).digest("hex"),
}));
const start = performance.now();
if (process.argv[2] === "openZeppelinTree") {
  const leaves = resources.map(({ name, size, sha256 }): [string, number, string] => [name, size, `0x${sha256}`]);
  StandardMerkleTree.of(leaves, ["string", "uint64", "bytes32"]);
} else {
  computeManifestRoot(resources);
}
const milliseconds = performance.now() - start;
const peakMebibytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ milliseconds, peakMebibytes }));

import { createMPT, createMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import { encodeRlp, getBytes, keccak256 } from "ethers";
import * as fc from "fast-check";
import { type Hex, toHex } from "../../../../src/base/hex.ts";
import { readTrieProof } from "../../../../src/registry/proofs/trie-proof.ts";

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const entries = fc.uniqueArray(fc.tuple(bytes(1, 32), bytes(1, 40)), {
  selector: ([key]) => toHex(key),
  minLength: 1,
  maxLength: 40,
});

/** A trie as Ethereum's state is one: its paths are hashes of keys. */
async function makeTrie(list: readonly (readonly [Uint8Array, Uint8Array])[]) {
  const trie = await createMPT({ useKeyHashing: true });
  for (const [key, value] of list) await trie.put(key, value);
  const proofOf = async (key: Uint8Array) => (await createMerkleProof(trie, key)).map((node) => toHex(node));
  return { root: toHex(trie.root()), proofOf };
}

describe("readTrieProof", function () {
  it("reads what another implementation proves, there or not there", async function () {
    await fc.assert(
      fc.asyncProperty(entries, bytes(33, 33), async (list, absent) => {
        const { root, proofOf } = await makeTrie(list);
        for (const [key, value] of list) {
          expect(readTrieProof(root, toHex(key), await proofOf(key))).to.equal(toHex(value));
        }
        expect(readTrieProof(root, toHex(absent), await proofOf(absent))).to.equal(null);
      }),
      { numRuns: 40 },
    );
  });

  it("reads a node that stands within another, and passes over nodes that are not on the way", function () {
    const key = "0x01";
    const path = keccak256(key).slice(2);
    // The path of a leaf 53 nibbles long, an odd number; with its value it has less than 32 bytes.
    const leaf = [`0x3${path.slice(11)}`, "0x07"];
    const branch = Array.from({ length: 17 }, (_, i) => (i === Number.parseInt(path[10] as string, 16) ? leaf : "0x"));
    const below = encodeRlp(branch) as Hex;
    const above = encodeRlp([`0x00${path.slice(0, 10)}`, keccak256(below)]) as Hex;
    const root = keccak256(above) as Hex;
    expect(readTrieProof(root, key, [above, below])).to.equal("0x07");
    expect(readTrieProof(root, key, ["0x83616263", below, above])).to.equal("0x07");
    expect(readTrieProof(root, "0x02", [above])).to.equal(null);
    expect(() => readTrieProof(root, key, [above])).to.throw();
  });

  it("takes nothing for proved that is not", async function () {
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (list, at, where, by) => {
        const { root, proofOf } = await makeTrie(list);
        const [key, value] = list[at % list.length] as [Uint8Array, Uint8Array];
        const proof = await proofOf(key);
        const broken = proof.map((node) => getBytes(node));
        const node = broken[at % broken.length] as Uint8Array;
        node[where % node.length] = (node[where % node.length] as number) ^ by;
        expect(() => readTrieProof(root, toHex(key), broken.map(toHex))).to.throw();
        expect(() => readTrieProof(root, toHex(key), proof.slice(1))).to.throw();
        expect(() => readTrieProof(keccak256(root) as Hex, toHex(key), proof)).to.throw();
        expect(readTrieProof(root, toHex(key), proof)).to.equal(toHex(value));
      }),
      { numRuns: 60 },
    );
  });

  it("ends with an error, whatever the nodes are", function () {
    fc.assert(
      fc.property(bytes(0, 200), bytes(1, 32), (node, key) => {
        const encoded = toHex(node);
        let value: Hex | null = null;
        try {
          value = readTrieProof(keccak256(encoded) as Hex, toHex(key), [encoded]);
        } catch {
          return;
        }
        expect(value === null || value.startsWith("0x")).to.equal(true);
      }),
    );
  });
});

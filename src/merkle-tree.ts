import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Hex, toHex } from "./hex.ts";

const WORD = 32;

/**
 * A Merkle tree of named leaves: the tree of OpenZeppelin's `StandardMerkleTree`, in one flat buffer. The
 * original holds every node as a text and needs several times the time and memory (bench/README.md).
 */
export class MerkleTree {
  // A complete binary tree as an array: the root first, the children of i at 2i + 1 and 2i + 2,
  // the leaves last, in descending order of their hashes.
  readonly #nodes: Uint8Array;
  readonly #indexByName = new Map<string, number>();

  /** @param leaves - at least one; distinct names, each with the hash that {@link hashLeaf} gives */
  constructor(leaves: readonly (readonly [name: string, hash: Uint8Array])[]) {
    const sorted = leaves.toSorted(([, a], [, b]) => Buffer.compare(a, b));
    const count = 2 * leaves.length - 1;
    this.#nodes = new Uint8Array(count * WORD);
    sorted.forEach(([name, hash], position) => {
      this.#nodes.set(hash, (count - 1 - position) * WORD);
      this.#indexByName.set(name, count - 1 - position);
    });
    for (let index = leaves.length - 2; index >= 0; index--) {
      this.#nodes.set(hashPair(this.#node(2 * index + 1), this.#node(2 * index + 2)), index * WORD);
    }
  }

  /** 0x-hex of 32 bytes. */
  get root(): Hex {
    return toHex(this.#node(0));
  }

  /** The siblings on the way from a leaf to the root; undefined for a name that is not in the tree. */
  getProof(name: string): Hex[] | undefined {
    let index = this.#indexByName.get(name);
    if (index === undefined) return undefined;
    const proof: Hex[] = [];
    for (; index > 0; index = (index - 1) >> 1) proof.push(toHex(this.#node(index % 2 === 0 ? index - 1 : index + 1)));
    return proof;
  }

  #node(index: number): Uint8Array {
    return this.#nodes.subarray(index * WORD, (index + 1) * WORD);
  }
}

/** Hashes an encoded leaf, twice, so that no inner node can pass for a leaf. */
export function hashLeaf(encoded: Uint8Array): Uint8Array {
  return keccak_256(keccak_256(encoded));
}

/** Tells whether a proof leads from the hash of a leaf to a root. False for siblings that are not 32 bytes. */
export function verifyMerkleProof(root: Hex, leaf: Uint8Array, proof: readonly Hex[]): boolean {
  let hash = leaf;
  for (const sibling of proof) {
    if (!/^0x[0-9a-f]{64}$/i.test(sibling)) return false;
    hash = hashPair(hash, Buffer.from(sibling.slice(2), "hex"));
  }
  return toHex(hash) === root;
}

/** Encodes the ABI's `(string, …words)`: where the text begins, the words, and the text with its length. */
export function encodeNamedLeaf(name: string, words: readonly Uint8Array[]): Uint8Array {
  const text = Buffer.from(name);
  const head = (words.length + 1) * WORD;
  const encoded = Buffer.alloc(head + WORD + Math.ceil(text.length / WORD) * WORD);
  encoded.writeUInt32BE(head, WORD - 4);
  words.forEach((word, i) => encoded.set(word, (i + 2) * WORD - word.length));
  encoded.writeUInt32BE(text.length, head + WORD - 4);
  text.copy(encoded, head + WORD);
  return encoded;
}

function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * WORD);
  const ordered = Buffer.compare(a, b) <= 0;
  pair.set(ordered ? a : b, 0);
  pair.set(ordered ? b : a, WORD);
  return keccak_256(pair);
}

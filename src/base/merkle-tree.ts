import { type Keccak, keccak_256 } from "@noble/hashes/sha3.js";
import { compareBytes, fromHex, toUtf8 } from "./bytes.ts";
import { type Hex, toHex } from "./hex.ts";

const WORD = 32;
// As many bytes as a number holds exactly: comparing these decides nearly always.
const KEY_BYTES = 6;

/**
 * A Merkle tree of named leaves: the tree of OpenZeppelin's `StandardMerkleTree`, in one flat buffer. The
 * original holds every node as a text and needs several times the time and memory (bench/README.md).
 */
export class MerkleTree {
  // A complete binary tree as an array: the root first, the children of i at 2i + 1 and 2i + 2,
  // the leaves last, in descending order of their hashes.
  readonly #nodes: Uint8Array;
  readonly #names: readonly string[];
  // Which name each leaf has, in ascending order of their hashes.
  readonly #order: Uint32Array;
  #indexByName: Map<string, number> | undefined;

  /**
   * @param names - at least one, distinct
   * @param hashAt - the hash of the leaf with that index among the names, as {@link hashLeaf} gives it
   */
  constructor(names: readonly string[], hashAt: (index: number) => Uint8Array) {
    const count = names.length;
    const hashes = new Uint8Array(count * WORD);
    for (let i = 0; i < count; i++) hashes.set(hashAt(i), i * WORD);
    this.#names = names;
    this.#order = orderOf(hashes, count);
    this.#nodes = new Uint8Array((2 * count - 1) * WORD);
    this.#order.forEach((leaf, position) => {
      this.#nodes.set(hashes.subarray(leaf * WORD, (leaf + 1) * WORD), (2 * count - 2 - position) * WORD);
    });
    for (let index = count - 2; index >= 0; index--) {
      this.#nodes.set(hashPair(this.#node(2 * index + 1), this.#node(2 * index + 2)), index * WORD);
    }
  }

  /** 0x-hex of 32 bytes. */
  get root(): Hex {
    return toHex(this.#node(0));
  }

  /** The siblings on the way from a leaf to the root; undefined for a name that is not in the tree. */
  getProof(name: string): Hex[] | undefined {
    this.#indexByName ??= this.#mapNames();
    let index = this.#indexByName.get(name);
    if (index === undefined) return undefined;
    const proof: Hex[] = [];
    for (; index > 0; index = (index - 1) >> 1) proof.push(toHex(this.#node(index % 2 === 0 ? index - 1 : index + 1)));
    return proof;
  }

  /** Made for the first proof: most trees are built for their root alone. */
  #mapNames(): Map<string, number> {
    const last = 2 * this.#names.length - 2;
    return new Map(Array.from(this.#order, (leaf, position) => [this.#names[leaf] as string, last - position]));
  }

  #node(index: number): Uint8Array {
    return this.#nodes.subarray(index * WORD, (index + 1) * WORD);
  }
}

/** The indices of hashes, in ascending order of these. */
function orderOf(hashes: Uint8Array, count: number): Uint32Array {
  const keys = Float64Array.from({ length: count }, (_, i) => {
    let key = 0;
    for (let byte = 0; byte < KEY_BYTES; byte++) key = key * 256 + (hashes[i * WORD + byte] as number);
    return key;
  });
  const at = (i: number) => hashes.subarray(i * WORD, (i + 1) * WORD);
  const compare = (a: number, b: number) => (keys[a] as number) - (keys[b] as number) || compareBytes(at(a), at(b));
  return Uint32Array.from({ length: count }, (_, i) => i).sort(compare);
}

// One state that is used again: a new one for each hash is half a kilobyte of garbage.
const fresh = keccak_256.create() as Keccak;
const state = keccak_256.create() as Keccak;

/** Keccak-256, as Ethereum has it: 32 bytes. */
export function keccak(bytes: Uint8Array): Uint8Array {
  const hash = new Uint8Array(WORD);
  fresh._cloneInto(state);
  state.update(bytes);
  state.digestInto(hash);
  return hash;
}

/** Hashes an encoded leaf, twice, so that no inner node can pass for a leaf. */
export function hashLeaf(encoded: Uint8Array): Uint8Array {
  return keccak(keccak(encoded));
}

/** Tells whether a proof leads from the hash of a leaf to a root. False for siblings that are not 32 bytes. */
export function verifyMerkleProof(root: Hex, leaf: Uint8Array, proof: readonly Hex[]): boolean {
  let hash = leaf;
  for (const sibling of proof) {
    if (!/^0x[0-9a-f]{64}$/i.test(sibling)) return false;
    hash = hashPair(hash, fromHex(sibling));
  }
  return toHex(hash) === root;
}

/** Encodes the ABI's `(string, …words)`: where the text begins, the words, and the text with its length. */
export function encodeNamedLeaf(name: string, words: readonly Uint8Array[]): Uint8Array {
  const text = toUtf8(name);
  const head = (words.length + 1) * WORD;
  const encoded = new Uint8Array(head + WORD + Math.ceil(text.length / WORD) * WORD);
  const view = new DataView(encoded.buffer);
  view.setUint32(WORD - 4, head);
  words.forEach((word, i) => encoded.set(word, (i + 2) * WORD - word.length));
  view.setUint32(head + WORD - 4, text.length);
  encoded.set(text, head + WORD);
  return encoded;
}

const pair = new Uint8Array(2 * WORD);

function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const ordered = compareBytes(a, b) <= 0;
  pair.set(ordered ? a : b, 0);
  pair.set(ordered ? b : a, WORD);
  return keccak(pair);
}

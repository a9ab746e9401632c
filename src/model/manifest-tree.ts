import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Hex, toHex } from "../hex.ts";
import type { Resource } from "./resource.ts";

const WORD = 32;

/**
 * The Merkle tree over (name, size, SHA-256) of a model's files: the tree of OpenZeppelin's
 * `StandardMerkleTree` for leaves `["string","uint64","bytes32"]`, in one flat buffer. It binds what the
 * model digest does not, and gives a proof for a single file. The original holds every node as a text and
 * needs several times the time and memory for 100 000 files (bench/README.md).
 */
export class ManifestTree {
  // A complete binary tree as an array: the root first, the children of i at 2i + 1 and 2i + 2,
  // the leaves last, in descending order of their hashes.
  readonly #nodes: Uint8Array;
  readonly #indexByName = new Map<string, number>();

  /** @param resources - at least one, with names that were checked: this class hashes what it is given */
  constructor(resources: readonly Resource[]) {
    const hashes = resources.map(hashLeaf);
    const order = Uint32Array.from(resources.keys()).sort((a, b) =>
      Buffer.compare(hashes[a] as Uint8Array, hashes[b] as Uint8Array),
    );
    const count = 2 * resources.length - 1;
    this.#nodes = new Uint8Array(count * WORD);
    order.forEach((resource, position) => {
      const index = count - 1 - position;
      this.#nodes.set(hashes[resource] as Uint8Array, index * WORD);
      this.#indexByName.set((resources[resource] as Resource).name, index);
    });
    for (let index = count - 1 - resources.length; index >= 0; index--) {
      this.#nodes.set(hashPair(this.#node(2 * index + 1), this.#node(2 * index + 2)), index * WORD);
    }
  }

  /** 0x-hex of 32 bytes. */
  get root(): Hex {
    return toHex(this.#node(0));
  }

  /** The siblings on the way from a file's leaf to the root; undefined for a name that is not in the tree. */
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

/** Tells whether a proof leads from a file's name, size and SHA-256 to a manifest root. */
export function verifyManifestProof(root: Hex, resource: Resource, proof: readonly Hex[]): boolean {
  let hash = hashLeaf(resource);
  for (const sibling of proof) hash = hashPair(hash, Buffer.from(sibling.slice(2), "hex"));
  return toHex(hash) === root;
}

/** keccak256(keccak256(abi.encode(name, size, sha256))): hashed twice, so that no inner node can pass for a leaf. */
function hashLeaf({ name, size, sha256 }: Resource): Uint8Array {
  const text = Buffer.from(name);
  const encoded = Buffer.alloc(4 * WORD + Math.ceil(text.length / WORD) * WORD);
  encoded[WORD - 1] = 3 * WORD; // where the text begins
  encoded.writeBigUInt64BE(BigInt(size), 2 * WORD - 8);
  encoded.write(sha256, 2 * WORD, "hex");
  encoded.writeUInt32BE(text.length, 4 * WORD - 4);
  text.copy(encoded, 4 * WORD);
  return keccak_256(keccak_256(encoded));
}

function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * WORD);
  const ordered = Buffer.compare(a, b) <= 0;
  pair.set(ordered ? a : b, 0);
  pair.set(ordered ? b : a, WORD);
  return keccak_256(pair);
}

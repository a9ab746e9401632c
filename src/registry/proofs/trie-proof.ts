import { decodeRlp, keccak256 } from "ethers";
import type { Hex } from "../../base/hex.ts";

/** A node as RLP has it: 17 parts are a branch, 2 an extension or a leaf. */
type TrieNode = readonly Part[];
/** `0x` for nothing, the hash of a node, a value; or a node of less than 32 bytes, in its place. */
type Part = ReturnType<typeof decodeRlp>;

const BRANCHES = 16;
const HASH_LENGTH = "0x".length + 64;

/**
 * Reads a value out of a Merkle Patricia trie by the nodes on its way, each of which must be the one that the node above
 * names by its hash.
 *
 * @param root - 0x-hex of 32 bytes
 * @param key - 0x-hex; its Keccak-256 is the path
 * @param proof - RLP of the nodes; those that are not on the way are passed over
 * @returns null where the nodes prove that there is no such key
 * @throws where a node on the way is missing or is none
 * @see Ethereum's yellow paper, appendix D; EIP-1186
 */
export function readTrieProof(root: Hex, key: string, proof: readonly Hex[]): Hex | null {
  const nodes = new Map(proof.map((node) => [keccak256(node), node]));
  let path = keccak256(key).slice("0x".length);
  let part: Part = root;
  for (;;) {
    if (part === "0x") return null;
    const node = resolve(part, nodes);
    if (node.length === BRANCHES + 1) {
      if (path === "") return readValue(node[BRANCHES]);
      part = node[Number.parseInt(path.slice(0, 1), 16)] as Part;
      path = path.slice(1);
      continue;
    }
    const { isLeaf, nibbles } = readPath(node[0]);
    if (isLeaf) return path === nibbles ? readValue(node[1]) : null;
    if (nibbles === "") throw new Error("an extension leads no further");
    if (!path.startsWith(nibbles)) return null;
    path = path.slice(nibbles.length);
    part = node[1] as Part;
  }
}

function resolve(part: Part, nodes: ReadonlyMap<string, Hex>): TrieNode {
  if (typeof part === "string" && part.length !== HASH_LENGTH) throw new Error("no hash leads to a node");
  const encoded = typeof part === "string" ? nodes.get(part) : undefined;
  const node = typeof part === "string" ? encoded && decodeRlp(encoded) : part;
  if (Array.isArray(node) && (node.length === 2 || node.length === BRANCHES + 1)) return node;
  throw new Error("a node of the way is missing");
}

/** Two nibbles for a byte; the first says what the node is, and whether the second one counts. */
function readPath(part: Part | undefined): { readonly isLeaf: boolean; readonly nibbles: string } {
  const [, flag, rest] = /^0x([0-3])([0-9a-f]+)$/.exec(typeof part === "string" ? part : "") ?? [];
  if (flag === undefined || rest === undefined) throw new Error("a node has no path");
  const isOdd = Number(flag) % 2 === 1;
  if (!isOdd && !rest.startsWith("0")) throw new Error("a node's path is padded with something");
  return { isLeaf: Number(flag) >= 2, nibbles: isOdd ? rest : rest.slice(1) };
}

function readValue(part: Part | undefined): Hex | null {
  if (typeof part !== "string") throw new Error("a value is none");
  return part === "0x" ? null : (part as Hex);
}

import { decodeRlp, keccak256 } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { type Hex, toHex32 } from "../../base/hex.ts";
import type { SlotReader } from "./record-slots.ts";
import { readTrieProof } from "./trie-proof.ts";

/** The proof of one storage slot, as `eth_getProof` answers it. */
export interface SlotProof {
  /** 0x-hex of 32 bytes. */
  readonly slot: Hex;
  /** RLP of the trie's nodes, from the root on. */
  readonly proof: readonly Hex[];
}

const NO_CODE = keccak256("0x");

/** What a state root proves of a contract: hashes, 0x-hex of 32 bytes. */
export interface ProvedContract {
  readonly storageRoot: Hex;
  /** Keccak-256 of its code. */
  readonly codeHash: Hex;
}

/**
 * Proves a contract's storage root and code against a state root.
 *
 * @param proof - RLP of the trie's nodes, from the root on
 * @throws {ProvenanceError} `PACK_INVALID` if the proof does not hold, or proves that there is no contract
 * @see EIP-1186
 */
export function proveContract(stateRoot: Hex, address: string, proof: readonly Hex[]): ProvedContract {
  const account = prove(stateRoot, address, proof, "account");
  const fields = account === null ? undefined : decodeRlp(account);
  if (!Array.isArray(fields) || fields.length < 4 || fields[3] === NO_CODE) {
    throw new ProvenanceError("PACK_INVALID", `There is no contract at ${address} in the block of the pack.`);
  }
  return { storageRoot: fields[2] as Hex, codeHash: fields[3] as Hex };
}

/**
 * Makes a reader of those storage slots that are proved against a storage root.
 *
 * @throws {ProvenanceError} (the reader) `PACK_INVALID` for a slot without a proof, or whose proof does not hold
 */
export function readProvedSlots(storageRoot: Hex, proofs: readonly SlotProof[]): SlotReader {
  const bySlot = new Map(proofs.map(({ slot, proof }) => [slot, proof]));
  const read = (slot: bigint): bigint => {
    const key = toHex32(slot);
    const proof = bySlot.get(key);
    if (proof === undefined) throw new ProvenanceError("PACK_INVALID", `The pack lacks the proof of slot ${key}.`);
    const value = prove(storageRoot, key, proof, `slot ${key}`);
    if (value === null) return 0n;
    const decoded = decodeRlp(value);
    if (typeof decoded !== "string") throw broken(`slot ${key}`);
    return decoded === "0x" ? 0n : BigInt(decoded);
  };
  return async (slot) => Promise.resolve().then(() => read(slot));
}

/** @returns null where the proof shows that there is no such key */
function prove(root: Hex, key: string, proof: readonly Hex[], what: string): Hex | null {
  // A trie without entries has no node that could be shown.
  if (proof.length === 0 && root === EMPTY_ROOT) return null;
  try {
    return readTrieProof(root, key, proof);
  } catch {
    throw broken(what);
  }
}

/** Of a trie without entries. */
const EMPTY_ROOT = keccak256("0x80");

function broken(what: string): ProvenanceError {
  return new ProvenanceError("PACK_INVALID", `The pack's proof of the ${what} does not hold. Export it again.`);
}

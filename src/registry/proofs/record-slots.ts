import { AbiCoder, getAddress, keccak256, toBeHex } from "ethers";
import { type ModelRecord, STATUSES } from "../model-record.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { RELATIONS } from "../../model/relation.ts";

/** Reads one storage slot of the registry. */
export type SlotReader = (slot: bigint) => Promise<bigint>;

/** Where the compiler puts the registry's state: a test compares this with its own storage layout. */
export const STORAGE_LAYOUT = { _owners: 2n, _models: 9n, _terms: 10n } as const;

// Of the struct Model: offsets from its first slot.
const METADATA_DIGEST = 1n;
const DATASET_DIGEST = 2n;
const PERFORMANCE_METRICS = 3n;
const PARENTS = 4n;
// Of the library's table: the array of packed texts stands behind the mapping.
const PACKED_TERMS = 1n;
const MAX_TERMS_BYTES = 255;
const MAX_PARENTS = 16;

/**
 * Reads the record of a token from the registry's storage, slot by slot: the same reading tells which slots have to be
 * proved, and reads them from the proofs.
 *
 * @returns undefined when there is no such token
 * @throws {ProvenanceError} `PACK_INVALID` if the storage is not that of a registry of this version, and as the reader
 */
export async function readRecordSlots(tokenId: bigint, read: SlotReader): Promise<ModelRecord | undefined> {
  const base = mappingSlot(tokenId, STORAGE_LAYOUT._models);
  const word = await read(base);
  const owner = await read(mappingSlot(tokenId, STORAGE_LAYOUT._owners));
  if (word === 0n || owner === 0n) return undefined;

  const take = takeBits(word);
  const creator = toAddress(take(160n));
  const mintedAt = Number(take(40n));
  const termsId = take(32n);
  const relation = RELATIONS[Number(take(8n))];
  const status = STATUSES[Number(take(8n))];
  const parentCount = Number(take(8n));
  if (relation === undefined || status === undefined || parentCount > MAX_PARENTS) throw foreign();

  const parents: bigint[] = [];
  for (let i = 0n; i < parentCount; i++) parents.push(await read(base + PARENTS + i));
  const { framework, license } = await readTerms(termsId, read);
  return {
    tokenId,
    owner: toAddress(owner),
    creator,
    mintedAt,
    relation,
    status,
    parents,
    metadataDigest: toHex32(await read(base + METADATA_DIGEST)),
    datasetDigest: toHex32(await read(base + DATASET_DIGEST)),
    framework,
    license,
    performanceMetrics: readShortString(await read(base + PERFORMANCE_METRICS)),
  };
}

/** The texts of a model, which it shares with others: number 0 is two empty ones. */
async function readTerms(id: bigint, read: SlotReader): Promise<Pick<ModelRecord, "framework" | "license">> {
  if (id === 0n) return { framework: "", license: "" };
  const array = hashOf(toHex32(STORAGE_LAYOUT._terms + PACKED_TERMS));
  const packed = await readBytes(array + id - 1n, read);
  const length = packed[0] ?? 0;
  return {
    framework: packed.subarray(1, 1 + length).toString("utf8"),
    license: packed.subarray(1 + length).toString("utf8"),
  };
}

/** Solidity's `bytes`: up to 31 in the slot itself, longer ones behind its hash. */
async function readBytes(slot: bigint, read: SlotReader): Promise<Buffer> {
  const word = await read(slot);
  if ((word & 1n) === 0n) return toBuffer(word).subarray(0, checkLength((word & 0xffn) / 2n));
  const length = checkLength(word / 2n);
  const words: Buffer[] = [];
  for (let i = 0; i < Math.ceil(length / 32); i++) words.push(toBuffer(await read(hashOf(toHex32(slot)) + BigInt(i))));
  return Buffer.concat(words).subarray(0, length);
}

function checkLength(length: bigint): number {
  if (length > MAX_TERMS_BYTES) throw foreign();
  return Number(length);
}

/** OpenZeppelin's ShortString: the text from the left, its length in the last byte. */
function readShortString(word: bigint): string {
  const bytes = toBuffer(word);
  return bytes.subarray(0, Math.min(31, bytes[31] as number)).toString("utf8");
}

function takeBits(word: bigint): (bits: bigint) => bigint {
  let rest = word;
  return (bits) => {
    const value = rest & ((1n << bits) - 1n);
    rest >>= bits;
    return value;
  };
}

function mappingSlot(key: bigint, slot: bigint): bigint {
  return hashOf(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, slot]));
}

function hashOf(data: string): bigint {
  return BigInt(keccak256(data));
}

function toAddress(value: bigint): string {
  return getAddress(toBeHex(value & ((1n << 160n) - 1n), 20));
}

function toBuffer(word: bigint): Buffer {
  return Buffer.from(toHex32(word).slice(2), "hex");
}

function foreign(): ProvenanceError {
  return new ProvenanceError("PACK_INVALID", "The contract's storage is not that of a registry of this version.");
}

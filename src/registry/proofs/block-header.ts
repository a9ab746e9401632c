import { decodeRlp, encodeRlp, keccak256 } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";

/** What a block header says that a proof needs. */
export interface BlockHeader {
  readonly hash: Hex;
  readonly number: number;
  /** Unix time in seconds. */
  readonly timestamp: number;
  /** Root of the state after the block. */
  readonly stateRoot: Hex;
}

/** A block as `eth_getBlockByNumber` answers it: hex texts. */
export type RpcBlock = Readonly<Record<string, unknown>>;

const FIELDS = [
  "parentHash",
  "sha3Uncles",
  "miner",
  "stateRoot",
  "transactionsRoot",
  "receiptsRoot",
  "logsBloom",
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "extraData",
  "mixHash",
  "nonce",
];
/** Each came with a fork, and none is left out once a later one is there. */
const FORK_FIELDS = [
  "baseFeePerGas",
  "withdrawalsRoot",
  "blobGasUsed",
  "excessBlobGas",
  "parentBeaconBlockRoot",
  "requestsHash",
];
const QUANTITIES = new Set([
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "baseFeePerGas",
  "blobGasUsed",
  "excessBlobGas",
]);
const STATE_ROOT = FIELDS.indexOf("stateRoot");
const NUMBER = FIELDS.indexOf("number");
const TIMESTAMP = FIELDS.indexOf("timestamp");

/**
 * Builds a block's header from what a node says of it, and makes sure that it is the one with the block's hash.
 *
 * @returns the RLP of the header, 0x-hex
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` if the chain's headers have fields that are not known here
 * @see Ethereum Yellow Paper, section 4.4; EIP-1559, 4895, 4844, 4788, 7685
 */
export function encodeHeader(block: RpcBlock): Hex {
  const fields = [...FIELDS, ...FORK_FIELDS.filter((name) => typeof block[name] === "string")];
  const header = encodeRlp(fields.map((name) => toBytes(hexOf(block[name]), QUANTITIES.has(name)))) as Hex;
  if (keccak256(header) === block["hash"]) return header;
  throw new ProvenanceError(
    "CHAIN_UNREACHABLE",
    `The header of block ${hexOf(block["number"])} could not be rebuilt: the chain's headers have other fields than those known here.`,
  );
}

/**
 * Reads a header from its RLP.
 *
 * @throws {ProvenanceError} `PACK_INVALID` if it is none
 */
export function readHeader(header: Hex): BlockHeader {
  const fields = decode(header);
  const [stateRoot, number, timestamp] = [STATE_ROOT, NUMBER, TIMESTAMP].map((i) => fields[i]);
  if (fields.length < FIELDS.length || stateRoot?.length !== 66 || number === undefined || timestamp === undefined) {
    throw new ProvenanceError("PACK_INVALID", "The pack's block header is none.");
  }
  return {
    hash: keccak256(header) as Hex,
    number: toNumber(number),
    timestamp: toNumber(timestamp),
    stateRoot: stateRoot as Hex,
  };
}

function decode(header: Hex): string[] {
  try {
    const fields = decodeRlp(header);
    if (Array.isArray(fields) && fields.every((field) => typeof field === "string")) return fields;
  } catch {
    // Said below.
  }
  throw new ProvenanceError("PACK_INVALID", "The pack's block header cannot be decoded.");
}

function hexOf(value: unknown): string {
  return typeof value === "string" ? value : "0x";
}

/** A quantity has no leading zeros; data keeps its length. */
function toBytes(hex: string, isQuantity: boolean): string {
  if (!isQuantity) return hex;
  const digits = hex === "0x" ? "0" : BigInt(hex).toString(16);
  if (digits === "0") return "0x";
  return `0x${digits.length % 2 === 0 ? "" : "0"}${digits}`;
}

function toNumber(quantity: string): number {
  return quantity === "0x" ? 0 : Number(BigInt(quantity));
}

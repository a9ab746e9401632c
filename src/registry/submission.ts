import { getAddress } from "ethers";
import { fromHex, concatBytes, toUtf8 } from "../base/bytes.ts";
import { type Hex, toHex } from "../base/hex.ts";
import { keccak } from "../base/merkle-tree.ts";

/** What every way of minting takes, as the contract defines it. Digests are 0x-hex of 32 bytes. */
export interface ModelSubmission {
  readonly modelDigest: string;
  readonly manifestRoot: string;
  readonly weightsDigest: string;
  readonly datasetDigest: string;
  readonly metadataDigest: string;
  /** Its place in `RELATIONS`. */
  readonly relation: number;
  /** Token ids in the same registry. */
  readonly parents: bigint[];
  readonly baseModelDigest: string;
  /** At most 64 bytes, as `license` and `version`. */
  readonly framework: string;
  readonly license: string;
  /** At most 31 bytes. */
  readonly performanceMetrics: string;
  readonly version: string;
  /** Zero: the default royalty applies. */
  readonly royaltyReceiver: string;
  readonly royaltyBasisPoints: number;
}

/** The fields in the contract's order, as EIP-712 and the ABI take them. */
export const SUBMISSION_FIELDS = [
  { name: "modelDigest", type: "bytes32" },
  { name: "manifestRoot", type: "bytes32" },
  { name: "weightsDigest", type: "bytes32" },
  { name: "datasetDigest", type: "bytes32" },
  { name: "metadataDigest", type: "bytes32" },
  { name: "relation", type: "uint8" },
  { name: "parents", type: "uint256[]" },
  { name: "baseModelDigest", type: "bytes32" },
  { name: "framework", type: "string" },
  { name: "license", type: "string" },
  { name: "performanceMetrics", type: "string" },
  { name: "version", type: "string" },
  { name: "royaltyReceiver", type: "address" },
  { name: "royaltyBasisPoints", type: "uint96" },
];

const WORD = 32;

/**
 * `keccak256(abi.encode(submission))`: binds every field. 0x-hex of 32 bytes. Written out, as batches hash thousands: a
 * tenth of the time that ethers' encoder takes.
 *
 * @throws {RangeError} for a value that does not fit its field
 */
export function hashSubmission(submission: ModelSubmission): Hex {
  const head: Uint8Array[] = [];
  const tail: Uint8Array[] = [];
  let end = SUBMISSION_FIELDS.length * WORD;
  for (const { name, type } of SUBMISSION_FIELDS) {
    const value = submission[name as keyof ModelSubmission];
    if (type !== "string" && type !== "uint256[]") {
      head.push(encodeWord(type, value as string | number));
      continue;
    }
    const encoded = type === "string" ? encodeText(value as string) : encodeNumbers(value as readonly bigint[]);
    head.push(encodeNumber(BigInt(end), 256));
    tail.push(encoded);
    end += encoded.length;
  }
  // A tuple with parts of any length stands where the first word says.
  return toHex(keccak(concatBytes([encodeNumber(BigInt(WORD), 256), ...head, ...tail])));
}

function encodeWord(type: string, value: string | number): Uint8Array {
  if (type === "bytes32") return encodeDigits(value as string, WORD);
  if (type === "address") return encodeDigits(getAddress(value as string), 20);
  return encodeNumber(BigInt(value), Number(type.slice("uint".length)));
}

/** The bytes of 0x-hex, at the end of a word. */
function encodeDigits(hex: string, length: number): Uint8Array {
  if (hex.length !== 2 + 2 * length || !/^0x[0-9a-f]*$/i.test(hex))
    throw new RangeError(`${hex} has not ${length} bytes.`);
  const word = new Uint8Array(WORD);
  word.set(fromHex(hex), WORD - length);
  return word;
}

function encodeNumber(value: bigint, bits: number): Uint8Array {
  if (value < 0n || value >> BigInt(bits) !== 0n) throw new RangeError(`${value} is no number of ${bits} bits.`);
  return fromHex(value.toString(16).padStart(2 * WORD, "0"));
}

function encodeNumbers(values: readonly bigint[]): Uint8Array {
  return concatBytes([BigInt(values.length), ...values].map((value) => encodeNumber(value, 256)));
}

function encodeText(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new RangeError("A text holds half of a character.");
  const bytes = toUtf8(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD);
  padded.set(bytes);
  return concatBytes([encodeNumber(BigInt(bytes.length), 256), padded]);
}

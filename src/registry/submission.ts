import { AbiCoder, ParamType, keccak256 } from "ethers";
import type { Hex } from "../base/hex.ts";

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

const TUPLE = ParamType.from({ type: "tuple", components: SUBMISSION_FIELDS });

/** `keccak256(abi.encode(submission))`: binds every field. 0x-hex of 32 bytes. */
export function hashSubmission(submission: ModelSubmission): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode([TUPLE], [submission])) as Hex;
}

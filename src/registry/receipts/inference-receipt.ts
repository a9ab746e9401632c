import { TypedDataEncoder } from "ethers";
import { z } from "zod";
import { ProvenanceError } from "../../base/errors.ts";
import { type Hex, toHex32 } from "../../base/hex.ts";
import { canonicalJson } from "../../metadata/canonical-json.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { addressSchema, digestSchema } from "../submission-json.ts";

/** What a node says of an answer that it gave with a model. */
export interface InferenceReceipt {
  /** Address of the registry. */
  readonly registry: string;
  readonly tokenId: bigint;
  /** SHA-256 of the body of the request, 0x-hex. */
  readonly requestDigest: Hex;
  /** SHA-256 of the body of the answer, 0x-hex. */
  readonly responseDigest: Hex;
  /** Unix time in seconds, by the node's own clock. */
  readonly answeredAt: bigint;
}

/** A receipt as it is handed over. */
export interface SignedReceipt {
  readonly chainId: bigint;
  readonly receipt: InferenceReceipt;
  /** Who signed it. */
  readonly signer: string;
  readonly signature: Hex;
}

/** The types of a receipt. @see EIP-712 */
export const RECEIPT_TYPES = {
  InferenceReceipt: [
    { name: "registry", type: "address" },
    { name: "tokenId", type: "uint256" },
    { name: "requestDigest", type: "bytes32" },
    { name: "responseDigest", type: "bytes32" },
    { name: "answeredAt", type: "uint64" },
  ],
};

const MAX_BYTES = 16 * 1024;

const fileSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  tokenId: digestSchema,
  requestDigest: digestSchema,
  responseDigest: digestSchema,
  answeredAt: z.int().nonnegative(),
  signer: addressSchema,
  signature: z.custom<Hex>(
    (text) => typeof text === "string" && /^0x([0-9a-f]{2}){1,4096}$/.test(text),
    "must be 0x and lower-case hex digits",
  ),
});

/** The domain that receipts of a registry's models are signed in: that of everything else that is signed for it. */
export function receiptDomain(chainId: bigint, registry: string) {
  return { name: "ModelProvenanceNFT", version: "1", chainId, verifyingContract: registry };
}

/** What the node signs, 0x-hex of 32 bytes. @see EIP-712 */
export function hashReceipt(chainId: bigint, receipt: InferenceReceipt): Hex {
  return TypedDataEncoder.hash(receiptDomain(chainId, receipt.registry), RECEIPT_TYPES, receipt) as Hex;
}

/** Writes a receipt as canonical JSON. */
export function formatReceipt({ chainId, receipt, signer, signature }: SignedReceipt): Uint8Array {
  const { registry, tokenId, requestDigest, responseDigest, answeredAt } = receipt;
  return canonicalJson({
    schemaVersion: "1.0",
    registry: `eip155:${chainId}:${registry}`,
    tokenId: toHex32(tokenId),
    requestDigest,
    responseDigest,
    answeredAt: Number(answeredAt),
    signer,
    signature,
  });
}

/**
 * Reads a receipt. Its form is checked, and nothing else.
 *
 * @throws {ProvenanceError} `RECEIPT_INVALID`
 */
export function parseReceipt(bytes: Uint8Array): SignedReceipt {
  let json: unknown;
  try {
    json = parseUntrustedJson(bytes, MAX_BYTES, "It");
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
    throw invalid(`${path.join(".") || "It"} ${message}.`, parsed.error);
  }
  const { registry, tokenId, requestDigest, responseDigest, answeredAt, signer, signature } = parsed.data;
  const [, chainId = "0", address = ""] = registry.split(":");
  return {
    chainId: BigInt(chainId),
    receipt: {
      registry: address,
      tokenId: BigInt(tokenId),
      requestDigest,
      responseDigest,
      answeredAt: BigInt(answeredAt),
    },
    signer,
    signature,
  };
}

function invalid(fault: string, cause: unknown): ProvenanceError {
  return new ProvenanceError("RECEIPT_INVALID", `The receipt is not valid. ${fault} Get it again from the node.`, {
    cause,
  });
}

import { sha256 } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { checkSignature } from "../registry/check-signature.ts";
import { holdsLicense } from "../registry/market/licenses.ts";
import type { Market } from "../registry/market/market.ts";
import { type ModelRecord, readModelRecord } from "../registry/model-record.ts";
import { type SignedReceipt, hashReceipt } from "../registry/receipts/inference-receipt.ts";
import type { Registry } from "../registry/registry.ts";
import { hasAccess } from "../registry/usage.ts";

/** Why a signer may serve a model. */
export type ServingRight = "owner" | "grant" | "licence";

/** What was found of a receipt. */
export interface ReceiptReport {
  /** As of a model: `mismatch` for what is not what was signed, `not-acceptable` for a signer or a model that is not accepted. */
  readonly verdict: "verified" | "mismatch" | "not-acceptable" | "not-registered";
  readonly headline: string;
  readonly record?: ModelRecord;
  readonly right?: ServingRight;
  /** Whether the output is the one that was signed; undefined where none was given. */
  readonly outputMatches?: boolean;
  readonly proves: readonly string[];
  readonly doesNotProve: readonly string[];
}

/** Input of {@link verifyReceipt}. */
export interface ReceiptRequest {
  readonly signed: SignedReceipt;
  /** Those that are trusted. */
  readonly registries: readonly Registry[];
  /** Of the registry's licences, where one is known. */
  readonly market?: (registry: Registry) => Promise<Market | undefined>;
  /** What is said to be the answer. */
  readonly output?: Uint8Array;
}

const NOT_PROVEN = [
  "that the answer was computed by this model: the node says so, and stakes its account on it",
  "that the signer might serve the model when it answered: it was asked of the chain now",
  "when it answered: the time is that of the node's own clock",
];

/**
 * Checks a receipt: that its signer signed it, may serve the model now (owner, usage grant or a Serve licence), and that the
 * output is the one that was signed. A model that was revoked is not acceptable.
 *
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED` for a registry that is not trusted, `CHAIN_UNREACHABLE`
 */
export async function verifyReceipt({ signed, registries, market, output }: ReceiptRequest): Promise<ReceiptReport> {
  const { receipt, signer, signature, chainId } = signed;
  const registry = findRegistry(registries, signed);
  const id = toHex32(receipt.tokenId);
  const record = await readModelRecord(registry, receipt.tokenId);
  if (record === undefined) {
    const headline = `not registered: the receipt names the model ${id}, of which the registry has no record`;
    return { verdict: "not-registered", headline, proves: [], doesNotProve: NOT_PROVEN };
  }
  const hash = hashReceipt(chainId, receipt);
  const answer = await checkSignature({ account: signer, hash, signature }, registry.provider);
  if (answer.signed === "unknown") {
    throw new ProvenanceError("CHAIN_UNREACHABLE", `The signature of ${signer} cannot be checked: ${answer.why}.`);
  }
  const outputMatches = output === undefined ? undefined : sha256(output) === receipt.responseDigest;
  const facts = { record, doesNotProve: NOT_PROVEN, ...(outputMatches !== undefined && { outputMatches }) };
  if (answer.signed === "no") {
    return { ...facts, verdict: "mismatch", headline: `${signer} did not sign this receipt`, proves: [] };
  }
  if (outputMatches === false) {
    const headline = "the output is not the one that the receipt is for";
    return { ...facts, verdict: "mismatch", headline, proves: [`${signer} signed an answer of ${id}, another one`] };
  }
  const right = await findRight(registry, record, signer, market);
  const proves = [
    `${signer} says that it gave ${output === undefined ? `the answer ${receipt.responseDigest}` : "this output"} with the model ${id}`,
    `to the request whose SHA-256 is ${receipt.requestDigest}`,
    ...(right === undefined ? [] : [`${signer} may serve the model now: ${RIGHTS[right]}`]),
  ];
  const told = { ...facts, proves, ...(right && { right }) };
  if (record.status === "revoked") {
    return { ...told, verdict: "not-acceptable", headline: `the model ${id} is revoked` };
  }
  if (right === undefined) {
    const headline = `${signer} may not serve the model ${id}: it is not its owner, and has neither a grant nor a Serve licence`;
    return { ...told, verdict: "not-acceptable", headline };
  }
  return { ...told, verdict: "verified", headline: `the receipt is ${signer}'s, who may serve the model ${id}` };
}

const RIGHTS: Readonly<Record<ServingRight, string>> = {
  owner: "it owns the token",
  grant: "the owner granted it the use",
  licence: "it holds a Serve licence",
};

function findRegistry(registries: readonly Registry[], { chainId, receipt }: SignedReceipt): Registry {
  const registry = registries.find((one) => one.chainId === chainId && one.address === receipt.registry);
  if (registry !== undefined) return registry;
  const place = `eip155:${chainId}:${receipt.registry}`;
  throw new ProvenanceError(
    "REGISTRY_NOT_CONFIGURED",
    `The receipt is for a model of ${place}, which is none of the registries that you trust. Anybody can make a registry.`,
  );
}

async function findRight(
  registry: Registry,
  { tokenId, owner }: ModelRecord,
  signer: string,
  findMarket: ReceiptRequest["market"],
): Promise<ServingRight | undefined> {
  if (signer === owner) return "owner";
  if (await hasAccess(registry, tokenId, signer)) return "grant";
  const market = await findMarket?.(registry);
  if (market === undefined) return undefined;
  return (await holdsLicense(market, { registry: registry.address, tokenId }, signer, "serve")) ? "licence" : undefined;
}

import { ProvenanceError } from "../base/errors.ts";
import type { ListedAccount } from "./did-document.ts";

/** A verification method that lists an account. */
export interface AccountMethod {
  readonly id: string;
  readonly type: "EcdsaSecp256k1RecoveryMethod2020";
  readonly controller: string;
  /** CAIP-10. */
  readonly blockchainAccountId: string;
}

const CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/secp256k1recovery-2020/v2"];

/** What has to stand in the document of a DID so that it lists an account. */
export function accountMethod(did: string, { chainId, account }: ListedAccount): AccountMethod {
  return {
    id: `${did}#eip155-${chainId}-${account.toLowerCase()}`,
    type: "EcdsaSecp256k1RecoveryMethod2020",
    controller: did,
    blockchainAccountId: `eip155:${chainId}:${account}`,
  };
}

/**
 * Makes the document of a DID that lists accounts, or adds them to one that is there: what else stands in it stays.
 *
 * @param existing - parsed, of the same DID
 * @throws {ProvenanceError} `OPTION_INVALID` for a document of another DID, or one that cannot be added to
 */
export function draftDidDocument(
  did: string,
  accounts: readonly ListedAccount[],
  existing: unknown = { "@context": CONTEXTS, id: did },
): Record<string, unknown> {
  const document = asObject(existing, did);
  const methods = listOf(document, "verificationMethod");
  const stands = (id: string) =>
    methods.some((method) => (method as { blockchainAccountId?: unknown } | null)?.blockchainAccountId === id);
  const added = accounts
    .map((account) => accountMethod(did, account))
    .filter(({ blockchainAccountId }) => !stands(blockchainAccountId));
  const contexts = [document["@context"] ?? []].flat() as unknown[];
  const more = added.length === 0 ? [] : CONTEXTS.filter((context) => !contexts.includes(context));
  return {
    ...document,
    "@context": [...contexts, ...more],
    id: did,
    verificationMethod: [...methods, ...added],
    assertionMethod: [...listOf(document, "assertionMethod"), ...added.map(({ id }) => id)],
  };
}

function asObject(value: unknown, did: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && (value as { id?: unknown }).id === did) {
    return value as Record<string, unknown>;
  }
  throw new ProvenanceError("OPTION_INVALID", `The document that is there is not one of ${did}: its id must be that.`);
}

function listOf(document: Record<string, unknown>, name: string): unknown[] {
  const value = document[name] ?? [];
  if (Array.isArray(value)) return value as unknown[];
  throw new ProvenanceError("OPTION_INVALID", `The document that is there has a ${name} that is no list. Correct it.`);
}

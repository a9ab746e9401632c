import type { Signer } from "ethers";
import type { RecordingAccount, Statements } from "./build-provenance.ts";
import { type PublisherStatement, hashPublisher, signPublisher } from "./publisher-statement.ts";
import {
  type SigningDomain,
  computeProvenanceDigest,
  hashProvenance,
  recoverAccount,
  signProvenance,
} from "./signature.ts";
import type { Metadata, Provenance } from "./schema.ts";

/** Who signs, what for, and what was signed before. */
export interface SigningInput {
  readonly account: RecordingAccount;
  readonly signer: Signer;
  readonly statements: Pick<Statements, "publisher">;
  readonly signedBefore?: Metadata;
}

/**
 * Signs a provenance, unless an earlier run did: a wallet may sign the same statement in other bytes each time, and
 * the CID with it would change.
 *
 * @throws {ProvenanceError} `SIGNATURE_REFUSED`
 */
export async function signOnce(provenance: Provenance, input: SigningInput): Promise<Metadata["signature"]> {
  const { account, signer, signedBefore } = input;
  const domain = { chainId: account.chainId, registry: account.registry };
  if (
    signedBefore !== undefined &&
    computeProvenanceDigest(signedBefore.provenance) === computeProvenanceDigest(provenance) &&
    recoverAccount(hashProvenance(provenance, domain), signedBefore.signature.value) === account.creator
  ) {
    return signedBefore.signature;
  }
  return signProvenance(provenance, signer, domain);
}

/** As {@link signOnce}, of the account's word that it is the publisher's, where one is stated. */
export async function signPublisherOnce(input: SigningInput): Promise<PublisherStatement | undefined> {
  const { account, signer, signedBefore, statements } = input;
  const { publisher: did } = statements;
  if (did === undefined) return undefined;
  const domain = { chainId: account.chainId, registry: account.registry };
  const before = signedBefore?.provenance.publisher;
  const isSame =
    before?.did === did && recoverAccount(hashPublisher(did, domain), before.signature) === account.creator;
  return isSame ? before : rememberStatement(signer, did, domain);
}

// Many models of one publisher need one signature: a person at a wallet is asked once.
const remembered = new WeakMap<Signer, Map<string, Promise<PublisherStatement>>>();

async function rememberStatement(signer: Signer, did: string, domain: SigningDomain): Promise<PublisherStatement> {
  const known = remembered.get(signer) ?? new Map<string, Promise<PublisherStatement>>();
  remembered.set(signer, known);
  const key = `${domain.chainId}:${domain.registry}:${did}`;
  const statement = known.get(key) ?? signPublisher(did, signer, domain);
  known.set(key, statement);
  try {
    return await statement;
  } catch (error) {
    known.delete(key); // who refused may be asked again
    throw error;
  }
}

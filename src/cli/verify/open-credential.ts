import { ProvenanceError } from "../../base/errors.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { toCaip10 } from "../../registry/registry.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { VerifyRequest } from "../../verify/request.ts";
import { type Options, required } from "../options.ts";
import type { OpenedSources } from "./with-registries.ts";

type Given = Pick<VerifyRequest, "credential" | "tokenId">;

/**
 * Reads a credential that was given, and checks its proof: it names the token.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for one of another registry or token, `CREDENTIAL_INVALID`
 */
export async function openCredential(options: Options, sources: OpenedSources, wanted: WantedToken): Promise<Given> {
  const { credentialFile } = options;
  if (credentialFile === undefined) return {};
  const { tokenId, credential } = await readGiven(credentialFile, sources, wanted);
  return { tokenId, credential };
}

/** Judges what a credential says, in the registry that it names; no file of the model is read. Errors as {@link openCredential}. */
export async function verifyCredentialAlone(
  options: Options,
  sources: OpenedSources,
  wanted: WantedToken & Pick<VerifyRequest, "acceptance">,
): Promise<VerifyReport> {
  const path = required(options, "credentialFile");
  const [given, { verifyCredential }] = await Promise.all([
    readGiven(path, sources, wanted),
    import("../../verify/verify-credential.ts"),
  ]);
  return verifyCredential({ ...sources, ...wanted, ...given, unreachable: [], path });
}

interface WantedToken {
  readonly tokenId?: bigint;
}

async function readGiven(path: string, { registry, unreachable, publishers }: OpenedSources, { tokenId }: WantedToken) {
  const [{ CREDENTIAL_MAX_BYTES, readCredential }, { checkProof }] = await Promise.all([
    import("../../exports/vc/read-credential.ts"),
    import("../../exports/vc/check-proof.ts"),
  ]);
  const file = { what: "CREDENTIAL_FILE", maxBytes: CREDENTIAL_MAX_BYTES };
  const given = readCredential(await readGivenFile(path, file));
  const named = registry.filter((one) => toCaip10(one).toLowerCase() === given.registry.toLowerCase());
  const [why] = unreachable;
  if (named.length === 0 && why !== undefined) {
    throw new ProvenanceError("CHAIN_UNREACHABLE", `The credential is of the registry ${given.registry}. ${why}`);
  }
  if (named.length === 0) {
    const trusted = registry.map(toCaip10).join(", ");
    throw invalid(`The credential is of the registry ${given.registry}, and trusted is ${trusted}.`);
  }
  if (tokenId !== undefined && tokenId !== BigInt(given.tokenId)) {
    throw invalid(`The credential is of the token ${given.tokenId}, and asked for was another.`);
  }
  const { issuer, claims } = given;
  const proof = await checkProof(given, publishers.fetchDid);
  return { registry: named, tokenId: BigInt(given.tokenId), credential: { issuer, claims, proof } };
}

function invalid(text: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", text);
}

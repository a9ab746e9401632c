import { ProvenanceError } from "../../base/errors.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { toCaip10 } from "../../registry/registry.ts";
import type { VerifyRequest } from "../../verify/request.ts";
import type { Options } from "../options.ts";
import type { OpenedSources } from "./with-registries.ts";

/**
 * Reads a credential that was given, and checks its proof: it names the token.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for one of another registry or token, `CREDENTIAL_INVALID`
 */
export async function openCredential(
  { credentialFile }: Options,
  { registry, publishers }: OpenedSources,
  { tokenId }: { readonly tokenId?: bigint },
): Promise<Pick<VerifyRequest, "credential" | "tokenId">> {
  if (credentialFile === undefined) return {};
  const [{ CREDENTIAL_MAX_BYTES, readCredential }, { checkProof }] = await Promise.all([
    import("../../exports/vc/read-credential.ts"),
    import("../../exports/vc/check-proof.ts"),
  ]);
  const file = { what: "CREDENTIAL_FILE", maxBytes: CREDENTIAL_MAX_BYTES };
  const given = readCredential(await readGivenFile(credentialFile, file));
  const names = registry.map(toCaip10);
  if (!names.some((name) => name.toLowerCase() === given.registry.toLowerCase())) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `The credential is of the registry ${given.registry}, and trusted is ${names.join(", ")}.`,
    );
  }
  if (tokenId !== undefined && tokenId !== BigInt(given.tokenId)) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      `The credential is of the token ${given.tokenId}, and asked for was another.`,
    );
  }
  const { issuer, claims } = given;
  const proof = await checkProof(given, publishers.fetchDid);
  return { tokenId: BigInt(given.tokenId), credential: { issuer, claims, proof } };
}

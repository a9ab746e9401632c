import { type BuiltMetadata, ProvenanceError, type Registry, checkMetadataSignature } from "model-provenance-nft/core";
import { STRINGS } from "../../strings.ts";

/**
 * Makes sure that an account stands by the signature of metadata. A contract account says so itself (ERC-1271), and may say
 * something else by now.
 *
 * @param onUnknown - told why where the account could not be asked; it throws to stop
 * @throws {ProvenanceError} `SIGNATURE_REFUSED`
 */
export async function assertSigned(
  { metadata }: BuiltMetadata,
  { chainId, address, provider }: Registry,
  account: string,
  onUnknown: (why: string) => void,
): Promise<void> {
  const answer = await checkMetadataSignature(metadata, account, { chainId, registry: address }, provider);
  if (answer.signed === "no") throw new ProvenanceError("SIGNATURE_REFUSED", STRINGS.wallet.notSigned(account));
  if (answer.signed === "unknown") onUnknown(answer.why);
}

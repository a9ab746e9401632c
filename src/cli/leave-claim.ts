import type { Registry } from "../chain/registry.ts";
import { toHex32 } from "../hex.ts";
import { type Claim, writeClaim } from "../model/claim.ts";
import type { PublishedModel } from "../publish/publish-model.ts";
import { type Terminal, printable } from "./terminal.ts";

/** Leaves the claim with a model that has a token. Where that fails it warns: the model is minted all the same. */
export async function leaveClaim(
  path: string,
  { prepared, minted }: PublishedModel,
  { chainId, address }: Registry,
  terminal: Terminal,
): Promise<void> {
  try {
    const claim: Claim = {
      schemaVersion: "1.0",
      registry: `eip155:${chainId}:${address}`,
      tokenId: toHex32(minted.tokenId),
      metadataURI: minted.uri,
      ignorePaths: [...prepared.model.ignorePaths],
    };
    await writeClaim(path, claim, prepared.model.path);
    terminal.note(`left the claim ${printable(path)}`);
  } catch (error) {
    terminal.warn(`The model is minted, but its claim could not be written: ${(error as Error).message}`);
  }
}

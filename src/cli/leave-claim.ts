import type { Registry } from "../registry/registry.ts";
import { toHex32 } from "../base/hex.ts";
import type { Claim } from "../model/claim-form.ts";
import { writeClaim } from "../model/claim.ts";
import type { PublishedModel } from "../publish/publish-model.ts";
import type { ContentStore } from "../content/content-store.ts";
import { type Terminal, printable } from "./terminal.ts";

/** Leaves the claim with a model that has a token. Where that fails it warns: the model is minted all the same. */
export async function leaveClaim(
  path: string,
  { prepared, minted }: PublishedModel,
  { registry, store }: { readonly registry: Registry; readonly store: ContentStore },
  terminal: Terminal,
): Promise<void> {
  const { built, model } = prepared;
  const copies = minted.uri === built.uri ? (store.copiesOf?.(built.block.cid) ?? []) : [];
  try {
    const claim: Claim = {
      schemaVersion: "1.0",
      registry: `eip155:${registry.chainId}:${registry.address}`,
      tokenId: toHex32(minted.tokenId),
      metadataURI: minted.uri,
      ignorePaths: [...model.ignorePaths],
      ...(copies.length > 0 && { metadataCopies: [...copies] }),
    };
    await writeClaim(path, claim, model.path);
    terminal.note(`left the claim ${printable(path)}`);
  } catch (error) {
    terminal.warn(`The model is minted, but its claim could not be written: ${(error as Error).message}`);
  }
}

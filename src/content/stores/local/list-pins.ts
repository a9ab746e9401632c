import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import type { LocalStore } from "./local-store.ts";

/** A pin as a person wants to see it. */
export interface PinSummary {
  readonly root: CID;
  /** What the root is; `unreadable` where its block is missing or damaged. */
  readonly kind: "block" | "file" | "folder" | "unreadable";
  /** True where only the blocks that link are kept, and the content is not. */
  readonly linksOnly: boolean;
  /** Bytes of all blocks below the root, as the root states them. */
  readonly size?: number;
}

/** Lists what a local store was asked to keep, by root. @throws {ProvenanceError} `STORE_FAILED` */
export async function listPins(store: LocalStore): Promise<PinSummary[]> {
  const pins = await store.parts.pins.list();
  return Promise.all(
    pins.map(async ({ root, blocks }) => ({
      root,
      linksOnly: blocks !== undefined,
      ...(await describeRoot(store, root)),
    })),
  );
}

/** Says what a root is, as {@link listPins} does. */
export async function describeRoot(store: LocalStore, root: CID): Promise<Pick<PinSummary, "kind" | "size">> {
  try {
    const bytes = await store.get(root);
    if (root.code === raw.code) return { kind: "block", size: bytes.length };
    const { Links, Data } = dagPb.decode(bytes);
    const size = Links.reduce((sum, { Tsize = 0 }) => sum + Tsize, bytes.length);
    return { kind: UnixFS.unmarshal(Data as Uint8Array).isDirectory() ? "folder" : "file", size };
  } catch {
    return { kind: "unreadable" };
  }
}

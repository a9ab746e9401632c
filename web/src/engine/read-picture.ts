import type { BlockSource } from "model-provenance-nft/core";
import { CID } from "multiformats/cid";

const RAW = 0x55;
const MAX_BYTES = 1024 * 1024;
const KINDS: readonly (readonly [type: string, fits: (start: string) => boolean])[] = [
  ["image/png", (start) => start.startsWith("\x89PNG")],
  ["image/jpeg", (start) => start.startsWith("\xff\xd8\xff")],
  ["image/gif", (start) => start.startsWith("GIF8")],
  ["image/webp", (start) => start.startsWith("RIFF") && start.slice(8, 12) === "WEBP"],
  ["image/svg+xml", (start) => /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(start)],
];

/**
 * Reads the picture of a model: of one block, whose bytes are checked against the CID. As an image it can run nothing and ask
 * nobody.
 *
 * @returns a data URL; undefined where there is none, or it cannot be read
 */
export async function readPicture(uri: string | undefined, store: BlockSource): Promise<string | undefined> {
  const text = /^ipfs:\/\/([A-Za-z0-9]+)$/.exec(uri ?? "")?.[1];
  if (text === undefined) return undefined;
  try {
    const cid = CID.parse(text);
    if (cid.code !== RAW) return undefined;
    const bytes = await store.get(cid, { maxBytes: MAX_BYTES, signal: AbortSignal.timeout(15_000) });
    const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    const type = KINDS.find(([, fits]) => fits(letters.slice(0, 512)))?.[0];
    return type && `data:${type};base64,${btoa(letters)}`;
  } catch {
    return undefined;
  }
}

/** How content is labelled, and whether a browser may show it. */
export interface ContentLabel {
  readonly type: string;
  /** False: to be saved only. */
  readonly shown: boolean;
}

const TEXT = "text/plain; charset=utf-8";
// Nothing here runs: what could is shown as text, and everything else is saved.
const BY_EXTENSION: Readonly<Record<string, string>> = {
  json: "application/json",
  txt: TEXT,
  md: TEXT,
  csv: TEXT,
  yaml: TEXT,
  yml: TEXT,
  html: TEXT,
  htm: TEXT,
  xhtml: TEXT,
  xml: TEXT,
  js: TEXT,
  mjs: TEXT,
  css: TEXT,
  py: TEXT,
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  svg: "image/svg+xml",
};
const MAGIC: readonly (readonly [bytes: Buffer, type: string])[] = [
  [Buffer.from("89504e470d0a1a0a", "hex"), "image/png"],
  [Buffer.from("ffd8ff", "hex"), "image/jpeg"],
  [Buffer.from("GIF8"), "image/gif"],
];
const SAVED: ContentLabel = { type: "application/octet-stream", shown: false };

/**
 * Labels content by its name, or where it has none by how it begins: metadata is asked for by its CID alone.
 *
 * @param whole - all of the content, where it is one small block
 */
export function labelContent(name: string | undefined, whole: Uint8Array | undefined): ContentLabel {
  if (name !== undefined) {
    const type = BY_EXTENSION[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ""];
    return type === undefined ? SAVED : { type, shown: true };
  }
  const type = whole && recognise(Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength));
  return type === undefined ? SAVED : { type, shown: true };
}

function recognise(bytes: Buffer): string | undefined {
  const magic = MAGIC.find(([start]) => bytes.subarray(0, start.length).equals(start));
  if (magic !== undefined) return magic[1];
  const start = bytes.toString("latin1", 0, 256).trimStart();
  if (/^<svg[\s>]/.test(start) || /^<\?xml[^>]*>\s*<svg[\s>]/.test(start)) return "image/svg+xml";
  return start.startsWith("{") && isJson(bytes) ? "application/json" : undefined;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

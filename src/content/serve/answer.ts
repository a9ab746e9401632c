import { writeCar } from "../car/car.ts";
import { MAX_BLOCK_BYTES } from "../cid.ts";
import { parseByteRange } from "../../base/byte-range.ts";
import { labelContent } from "./content-type.ts";
import type { GatewayRequest } from "./parse-request.ts";
import { Refusal } from "./refusal.ts";
import { type Resolved, resolvePath } from "./resolve-path.ts";
import { selectBlocks } from "./select-blocks.ts";
import { type Entity, type ReadBlock, describeEntity, listFolder, readFileRange } from "./unixfs-content.ts";

/** An answer before anything of it is sent. */
export interface Answer {
  readonly status: 200 | 206 | 304;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Absent where there is no body. */
  readonly body?: () => AsyncIterable<Uint8Array>;
}

/** The headers of a request that matter to its answer. */
export interface RequestHeaders {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

const IMMUTABLE = "public, max-age=29030400, immutable";
// A listing is this gateway's own text, and may be laid out otherwise one day.
const LISTED = "public, max-age=604800";
const MAX_LISTED = 10_000;

/**
 * Answers a request from blocks. Their CIDs never hold anything else, so that every answer may be kept for ever.
 *
 * @param read - returns the bytes of a block, checked against its CID
 * @throws {Refusal}; what `read` throws, here and while the body is read
 */
export async function answerRequest(
  request: GatewayRequest,
  headers: RequestHeaders,
  read: ReadBlock,
): Promise<Answer> {
  const resolved = await resolvePath(request.root, request.segments, read);
  if (request.format === "raw") return answerBlock(request, resolved, headers, read);
  if (request.format === "car") return answerArchive(request, resolved, headers, read);
  const entity: Entity = await describeEntity(resolved.cid, read);
  if (entity.kind === "file") return answerFile(request, entity, headers, read);
  if (entity.kind === "folder") return answerFolder(request, entity, headers, read);
  throw new Refusal(406, "That is neither a file nor a folder: ask for ?format=raw or ?format=car.");
}

async function answerBlock(request: GatewayRequest, { cid }: Resolved, headers: RequestHeaders, read: ReadBlock) {
  const bytes = await read(cid);
  const name = request.filename ?? `${cid.toString()}.bin`;
  const about = { "Content-Type": "application/vnd.ipld.raw", ...asAttachment(name), "Cache-Control": IMMUTABLE };
  return answerBytes(bytes.length, `"${cid.toString()}.raw"`, about, headers, async function* (start, end) {
    yield await Promise.resolve(bytes.subarray(start, end));
  });
}

async function answerArchive(request: GatewayRequest, resolved: Resolved, headers: RequestHeaders, read: ReadBlock) {
  const { root, segments, scope, entityBytes } = request;
  const parts = [scope, ...(entityBytes ? [entityBytes.map((at) => at ?? "*").join(":")] : [])];
  const etag = `W/"${resolved.cid.toString()}.car.${parts.join(".")}"`;
  if (matches(headers.ifNoneMatch, etag)) return notModified(etag, IMMUTABLE);
  // A root that is missing is said before an archive is begun.
  await read(resolved.cid);
  const name = request.filename ?? `${[root.toString(), ...segments].join("_")}.car`;
  return {
    status: 200 as const,
    headers: {
      "Content-Type": "application/vnd.ipld.car; version=1; order=dfs; dups=n",
      ...asAttachment(name),
      "Cache-Control": IMMUTABLE,
      "Accept-Ranges": "none",
      ETag: etag,
    },
    body: () => writeCar(root, selectBlocks(resolved, request, read)),
  };
}

async function answerFile(
  request: GatewayRequest,
  { cid, size }: Extract<Entity, { kind: "file" }>,
  headers: RequestHeaders,
  read: ReadBlock,
) {
  const name = request.filename ?? request.segments.at(-1);
  const { type, shown } = labelContent(
    name,
    size <= MAX_BLOCK_BYTES && cid.code === 0x55 ? await read(cid) : undefined,
  );
  const disposition = shown && !request.download ? {} : asAttachment(name ?? cid.toString());
  const about = { "Content-Type": type, ...disposition, "Cache-Control": IMMUTABLE };
  return answerBytes(size, `"${cid.toString()}"`, about, headers, async function* (start, end) {
    for await (const { content } of readFileRange(cid, start, end, read)) if (content.length > 0) yield content;
  });
}

async function answerFolder(
  { root, segments }: GatewayRequest,
  { cid }: Extract<Entity, { kind: "folder" }>,
  headers: RequestHeaders,
  read: ReadBlock,
): Promise<Answer> {
  const etag = `W/"list-${cid.toString()}"`;
  if (matches(headers.ifNoneMatch, etag)) return notModified(etag, LISTED);
  const here = `/ipfs/${[root.toString(), ...segments.map(encodeURIComponent)].join("/")}`;
  const rows: string[] = [];
  for await (const [name] of listFolder(cid, read)) {
    if (rows.length === MAX_LISTED) break;
    rows.push(`<li><a href="${here}/${encodeURIComponent(name.toWellFormed())}">${escapeHtml(name)}</a></li>`);
  }
  const more = rows.length === MAX_LISTED ? "<p>And more.</p>" : "";
  const page = `<!doctype html><meta charset="utf-8"><title>${cid.toString()}</title><ul>${rows.join("")}</ul>${more}\n`;
  const bytes = Buffer.from(page);
  const about = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": LISTED, ETag: etag };
  return {
    status: 200,
    headers: { ...about, "Content-Length": bytes.length },
    body: async function* () {
      yield await Promise.resolve(bytes);
    },
  };
}

/** Content of a known size, all of it or the range that was asked for. */
function answerBytes(
  size: number,
  etag: string,
  about: Readonly<Record<string, string>>,
  headers: RequestHeaders,
  read: (start: number, end: number) => AsyncIterable<Uint8Array>,
): Answer {
  if (matches(headers.ifNoneMatch, etag)) return notModified(etag, IMMUTABLE);
  const mayCut = headers.ifRange === undefined || headers.ifRange === etag;
  const range = mayCut ? parseByteRange(headers.range, size) : undefined;
  if (range === "unsatisfiable") {
    throw new Refusal(416, "The content has no such bytes.", { "Content-Range": `bytes */${size}` });
  }
  const common = { ...about, ETag: etag, "Accept-Ranges": "bytes" };
  if (range === undefined) {
    return { status: 200, headers: { ...common, "Content-Length": size }, body: () => read(0, size) };
  }
  const { start, end } = range;
  const partial = { "Content-Range": `bytes ${start}-${end}/${size}`, "Content-Length": end - start + 1 };
  return { status: 206, headers: { ...common, ...partial }, body: () => read(start, end + 1) };
}

function notModified(etag: string, cache: string): Answer {
  return { status: 304, headers: { ETag: etag, "Cache-Control": cache } };
}

function matches(header: string | undefined, etag: string): boolean {
  const weak = (tag: string) => tag.trim().replace(/^W\//, "");
  return header?.trim() === "*" || (header ?? "").split(",").some((tag) => weak(tag) === weak(etag));
}

function asAttachment(name: string): { "Content-Disposition": string } {
  const plain = name.replaceAll(/[^\w.\- ]/g, "_").slice(-100);
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return { "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` };
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'\p{Cc}\p{Bidi_Control}]/gu, (character) => `&#${character.codePointAt(0) as number};`);
}

import { ProvenanceError } from "../../base/errors.ts";
import { guardAddresses } from "../../base/http/address-guard.ts";
import { HttpFault } from "../../base/http/http-fault.ts";
import { readAll } from "../../base/http/read-body.ts";
import { request } from "../../base/http/request.ts";
import { METADATA_MAX_BYTES } from "../../metadata/schema.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { findUnixfsFile, readNode, readVerified } from "../../content/unixfs/read-dag.ts";
import { listFilePieces, readFilePiece } from "../../content/unixfs/unixfs-pieces.ts";
import type { TokenUri } from "./token-uri.ts";
import * as raw from "multiformats/codecs/raw";

/** How metadata on the web is fetched. */
export interface FetchMetadataOptions {
  /** An origin that may be asked although it is private: `http://127.0.0.1:8080`. */
  readonly privateOrigin?: string;
  readonly signal?: AbortSignal;
}

const MAX_REDIRECTS = 5;
const TIMES = { connect: 10_000, firstByte: 20_000, idle: 10_000, total: 30_000 };
// No host: nothing private may be asked.
const NOBODY = "https://nobody.invalid";

/**
 * Fetches the metadata that a token's URI leads to, at most 1 MiB. On the web only public addresses are asked, also after a
 * redirect; what is content addressed is checked against its CID.
 *
 * @throws {ProvenanceError} `STORE_FAILED`, `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT`, `METADATA_TOO_LARGE`
 */
export async function fetchMetadata(
  uri: TokenUri,
  store: BlockSource,
  options: FetchMetadataOptions = {},
): Promise<Uint8Array> {
  switch (uri.kind) {
    case "data":
      return uri.bytes;
    case "ipfs":
      return readContent(uri, store);
    case "web":
      return fetchWeb(uri.url, options);
  }
}

async function readContent(
  { cid, path }: Extract<TokenUri, { kind: "ipfs" }>,
  store: BlockSource,
): Promise<Uint8Array> {
  const read = readVerified(store);
  const file = path === "" ? cid : await findUnixfsFile(cid, path, read);
  // A root that is a file is found under every name: there is nothing below it.
  if (file === undefined || (path !== "" && file.equals(cid))) {
    throw new ProvenanceError("STORE_BLOCK_MISSING", `The folder ${cid.toString()} holds no ${path}.`);
  }
  if (file.code === raw.code) return read(file);
  const size = Number((await readNode(file, read)).unixfs.fileSize());
  if (size > METADATA_MAX_BYTES) throw tooLarge(`The file ${file.toString()}`);
  const pieces: Uint8Array[] = [];
  for await (const piece of listFilePieces(file, size, read)) pieces.push(await readFilePiece(piece, read));
  return Buffer.concat(pieces);
}

async function fetchWeb(url: URL, { privateOrigin = NOBODY, signal }: FetchMetadataOptions): Promise<Uint8Array> {
  const guard = guardAddresses(new URL(privateOrigin));
  const limits = { times: TIMES, redirects: MAX_REDIRECTS, maxBytes: METADATA_MAX_BYTES };
  try {
    const answer = await request({ url, headers: { accept: "application/json" }, guard, ...limits, signal });
    if (answer.status === 200) return await readAll(answer.body);
    answer.discard();
    throw failed(url, `answers with status ${answer.status}`);
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    throw error.kind === "oversize" ? tooLarge(url.host) : failed(url, error.message);
  }
}

/** A path or query may be secret: it is not shown. */
function failed({ host }: URL, text: string): ProvenanceError {
  return new ProvenanceError("STORE_FAILED", `${host} ${text}.`);
}

function tooLarge(what: string): ProvenanceError {
  return new ProvenanceError("METADATA_TOO_LARGE", `${what} has more than the ${METADATA_MAX_BYTES} bytes allowed.`);
}

import { CID } from "multiformats/cid";
import { rawBlock } from "../../../src/content/cid.ts";
import { hashOf, readCar } from "./car-content.ts";
import { type FakeAnswer, type FakeServer, type SeenRequest, startFakeServer } from "./fake-server.ts";

/** The only key that the server knows. */
export const PINATA_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZWQiOiJmaWxlcyJ9.c2lnbmF0dXJlLW9mLXRlc3Rz";

const SIGNED_PATH = "/v3/files/0195a5c4";
const SIGNED_QUERY = "?X-Algorithm=PINATA1&X-Date=1764000000&X-Expires=600&X-Method=POST&X-Signature=5ec7e7";

/** Pinata's v3 API as its documentation and its package have it: uploads, also resumable, the list, a gateway. */
export interface FakePinata extends FakeServer {
  /** What `PINATA_API_URL` and `PINATA_UPLOAD_URL` are set to. */
  readonly api: string;
  /** Roots on the public network. */
  readonly pinned: Set<string>;
  readonly missing: string[];
  /** Tells whether a block can be had, by its hash. */
  readonly provides: (cid: string) => boolean;
  /** A URL that takes uploads without a key, as `files/sign` gives it to whoever has one. */
  readonly signedUrl: string;
  /** Lets the next uploads be listed late: so many looks find nothing. */
  lateBy: number;
}

interface Upload {
  readonly length: number;
  readonly metadata: Readonly<Record<string, string>>;
  bytes: Buffer;
  cid?: string;
}

/** Starts it; requests fail as they are told to by `fail`. */
export async function startPinata(): Promise<FakePinata> {
  const pinned = new Set<string>();
  const blocks = new Map<string, Uint8Array>();
  const missing: string[] = [];
  const uploads = new Map<string, Upload>();

  const keep = async (bytes: Uint8Array, fields: Readonly<Record<string, string>>): Promise<string> => {
    let root = rawBlock(bytes).cid.toString();
    if (fields["car"] === "true") {
      const car = await readCar(bytes);
      ({ root } = car);
      for (const [hash, block] of car.blocks) blocks.set(hash, block);
      missing.push(...car.missing);
    }
    if (fields["network"] === "public") pinned.add(root);
    return root;
  };
  const answer = async (request: SeenRequest): Promise<FakeAnswer> => {
    const { method, url, headers } = request;
    if (url.pathname.startsWith("/ipfs/")) return serveBlock(url, blocks);
    if (url.pathname === SIGNED_PATH) {
      const isGood = method === "POST" && url.search === SIGNED_QUERY && !("authorization" in headers);
      const answered = isGood ? await uploadForm(request) : { status: 403, body: { error: "Invalid signature" } };
      return { ...answered, headers: { "Access-Control-Allow-Origin": "*" } };
    }
    if (headers["authorization"] !== `Bearer ${PINATA_JWT}`) return { status: 401, body: { error: "Not Authorized" } };
    if (method === "GET" && url.pathname === "/v3/files/public") return list(url);
    if (method === "POST" && url.pathname === "/v3/files") {
      return "upload-length" in headers ? createUpload(request) : uploadForm(request);
    }
    const upload = uploads.get(url.pathname);
    if (upload === undefined) return { status: 404, body: { error: "Not Found" } };
    return method === "HEAD" ? { status: 200, headers: describeUpload(upload) } : appendTo(upload, request);
  };
  const list = (url: URL): FakeAnswer => {
    const cid = url.searchParams.get("cid") ?? "";
    const found = pinned.has(cid) && fake.lateBy-- <= 0;
    return { status: 200, body: { data: { files: found ? [{ id: "1", cid, size: 1 }] : [], next_page_token: "" } } };
  };
  const uploadForm = async ({ headers, body }: SeenRequest): Promise<FakeAnswer> => {
    const form = await new Response(body, { headers: { "content-type": headers["content-type"] ?? "" } }).formData();
    const { file, ...fields } = Object.fromEntries(form);
    const bytes = new Uint8Array(await (file as File).arrayBuffer());
    const cid = await keep(bytes, fields as Record<string, string>);
    return { status: 200, body: { data: { id: "1", name: fields["name"], cid, size: bytes.length } } };
  };
  const createUpload = ({ headers }: SeenRequest): FakeAnswer => {
    const path = `/v3/files/${uploads.size + 1}`;
    const pairs = (headers["upload-metadata"] ?? "").split(",").map((pair) => pair.split(" ") as [string, string]);
    const metadata = Object.fromEntries(pairs.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
    uploads.set(path, { length: Number(headers["upload-length"]), metadata, bytes: Buffer.alloc(0) });
    return { status: 201, headers: { Location: `${fake.url}${path}` } };
  };
  const appendTo = async (upload: Upload, { headers, body }: SeenRequest): Promise<FakeAnswer> => {
    if (Number(headers["upload-offset"]) !== upload.bytes.length) return { status: 409, body: "offset mismatch" };
    upload.bytes = Buffer.concat([upload.bytes, body]);
    if (upload.bytes.length === upload.length) upload.cid = await keep(upload.bytes, upload.metadata);
    return { status: 204, headers: describeUpload(upload) };
  };
  const keepHalf = (request: SeenRequest) => {
    const upload = uploads.get(request.url.pathname);
    if (request.method === "PATCH" && upload !== undefined) void appendTo(upload, request);
  };
  const server = await startFakeServer(answer, keepHalf);
  const provides = (cid: string) => blocks.has(hashOf(CID.parse(cid)));
  const signedUrl = `${server.url}${SIGNED_PATH}${SIGNED_QUERY}`;
  const fake: FakePinata = { ...server, signedUrl, api: `${server.url}/v3`, pinned, missing, provides, lateBy: 0 };
  return fake;
}

function describeUpload({ bytes, length, cid }: Upload): Record<string, string> {
  const place = { "Upload-Offset": String(bytes.length), "Upload-Length": String(length) };
  return { ...place, ...(cid !== undefined && { "Upload-Cid": cid }) };
}

function serveBlock({ pathname, searchParams }: URL, blocks: ReadonlyMap<string, Uint8Array>): FakeAnswer {
  const block = blocks.get(hashOf(CID.parse(pathname.slice("/ipfs/".length))));
  if (block === undefined || searchParams.get("format") !== "raw") return { status: 404, body: "not found" };
  return { status: 200, headers: { "Content-Type": "application/vnd.ipld.raw" }, body: block };
}

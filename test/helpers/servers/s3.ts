import { createHash, createHmac } from "node:crypto";
import { type FakeAnswer, type FakeServer, type SeenRequest, startFakeServer } from "./fake-server.ts";

/** The only credentials that the server knows. */
export const S3_CREDENTIALS = { accessKeyId: "AKIDTESTS", secretAccessKey: "secret+access/key/of+tests" };
/** The only bucket. */
export const S3_BUCKET = "models";

/** S3's REST API for objects, addressed by path: it checks signatures (version 4) and the digests of bodies. */
export interface FakeS3 extends FakeServer {
  /** By key. */
  readonly objects: Map<string, Buffer>;
  /** Answers 403 to whoever asks for what is not there, as AWS does where listing is not allowed. */
  hideMissing: boolean;
}

/** Starts it. */
export async function startS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const answer = (request: SeenRequest): FakeAnswer => {
    const { method, url, headers, body } = request;
    const digest = createHash("sha256").update(body).digest("hex");
    if (headers["x-amz-content-sha256"] !== digest) return refuse(400, "XAmzContentSHA256Mismatch", method);
    if (!isSigned(request)) return refuse(403, "SignatureDoesNotMatch", method);
    const [, bucket = "", ...rest] = url.pathname.split("/");
    if (bucket !== S3_BUCKET) return refuse(404, "NoSuchBucket", method);
    const key = decodeURIComponent(rest.join("/"));
    const etag = (content: Buffer) => ({ ETag: `"${createHash("md5").update(content).digest("hex")}"` });
    if (method === "PUT") {
      objects.set(key, body);
      return { status: 200, headers: etag(body) };
    }
    const object = objects.get(key);
    if (object === undefined)
      return fake.hideMissing ? refuse(403, "AccessDenied", method) : refuse(404, "NoSuchKey", method);
    if (method !== "GET" && method !== "HEAD") return refuse(405, "MethodNotAllowed", method);
    return { status: 200, headers: etag(object), body: object };
  };
  const server = await startFakeServer(answer);
  const fake: FakeS3 = { ...server, objects, hideMissing: false };
  return fake;
}

/** An error as S3 writes it; an answer to HEAD has no body. */
export function refuse(status: number, code: string, method = "PUT"): FakeAnswer {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { "Content-Type": "application/xml" }, body: method === "HEAD" ? "" : xml };
}

/** Signature version 4 as its documentation has it: header authorization, one chunk. */
function isSigned({ method, url, headers }: SeenRequest): boolean {
  const form = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, keyId, scope = "", names = "", signature] = form.exec(headers["authorization"] ?? "") ?? [];
  if (keyId !== S3_CREDENTIALS.accessKeyId) return false;
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
  const canonical = [
    method,
    url.pathname,
    query,
    ...names.split(";").map((name) => `${name}:${(headers[name] ?? "").trim()}`),
    "",
    names,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hash].join("\n");
  const sign = (key: string | Buffer, part: string) => createHmac("sha256", key).update(part).digest();
  const key = scope.split("/").reduce<string | Buffer>(sign, `AWS4${S3_CREDENTIALS.secretAccessKey}`);
  return sign(key, text).toString("hex") === signature;
}

import { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";

/** Where a token says that its metadata is. */
export type TokenUri =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** Content addressed: the bytes are checked against the CID. */
  | { readonly kind: "ipfs"; readonly cid: CID; readonly path: string }
  /** Whatever the server answers. */
  | { readonly kind: "web"; readonly url: URL; readonly arweave: boolean };

const ARWEAVE_GATEWAY = "https://arweave.net/";
const MAX_LENGTH = 2 * 1024 * 1024;

/**
 * Reads a token's URI in the forms that are in use: data, ipfs, an https address of an IPFS gateway (which is read as the
 * CID in it), ar, https and http.
 *
 * @throws {ProvenanceError} `METADATA_INVALID`
 */
export function readTokenUri(text: string): TokenUri {
  const uri = text.trim();
  if (uri.length > MAX_LENGTH) throw invalid("it is too long");
  if (/^data:/i.test(uri)) return { kind: "data", bytes: readDataUri(uri) };
  const ipfs = /^ipfs:\/\/(?:ipfs\/)?([A-Za-z0-9]+)(\/.*)?$/.exec(uri) ?? readGatewayUrl(uri);
  if (ipfs !== null) {
    const cid = tryParseCid(ipfs[1] as string);
    if (cid !== undefined) return { kind: "ipfs", cid, path: decodePath(ipfs[2] ?? "") };
  }
  const arweave = /^ar:\/\/([A-Za-z0-9_-]{43}(?:\/.*)?)$/.exec(uri)?.[1];
  if (arweave !== undefined) return { kind: "web", url: new URL(ARWEAVE_GATEWAY + arweave), arweave: true };
  if (/^https?:\/\//i.test(uri) && URL.canParse(uri)) return { kind: "web", url: new URL(uri), arweave: false };
  throw invalid(`it is ${JSON.stringify(uri.slice(0, 80))}`);
}

/** `https://host/ipfs/<CID>/path` and `https://<CID>.ipfs.host/path`. */
function readGatewayUrl(uri: string): RegExpExecArray | null {
  return (
    /^https?:\/\/[^/]+\/ipfs\/([A-Za-z0-9]+)(\/[^?#]*)?(?:[?#].*)?$/.exec(uri) ??
    /^https?:\/\/([a-z2-7]{50,})\.ipfs\.[^/]+(\/[^?#]*)?(?:[?#].*)?$/.exec(uri)
  );
}

function readDataUri(uri: string): Uint8Array {
  const match = /^data:([^,]*),(.*)$/is.exec(uri);
  if (match === null) throw invalid("its data URI has no comma");
  const [, header = "", body = ""] = match;
  try {
    return /;base64$/i.test(header) ? Buffer.from(body, "base64") : Buffer.from(decodeURIComponent(body));
  } catch (cause) {
    throw invalid("its data URI is not percent-encoded as it should be", cause);
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path).replace(/^\/+|\/+$/g, "");
  } catch {
    return path.replace(/^\/+|\/+$/g, "");
  }
}

function tryParseCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(fault: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError("METADATA_INVALID", `The token's URI cannot be read: ${fault}.`, { cause });
}

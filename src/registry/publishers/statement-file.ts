import { CID } from "multiformats/cid";
import { z } from "zod";
import { parseAddress } from "../../base/address.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { readFileOrFault } from "../../base/given-file.ts";
import { bytesMatchCid } from "../../content/cid.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { canonicalJson } from "../../metadata/canonical-json.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import type { NamedStatement } from "./publisher-sources.ts";

const MAX_BYTES = 64 * 1024;

const schema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  account: z.string().transform((text, context) => {
    const account = parseAddress(text);
    if (account !== undefined) return account;
    context.addIssue("must be 0x and 40 hex digits, with a right checksum if any");
    return z.NEVER;
  }),
  did: z.string().refine((did) => parseDidWeb(did) !== undefined, "must be a did:web"),
  signature: z.string().regex(/^0x([0-9a-f]{2}){1,4096}$/, "must be 0x and lower-case hex digits"),
});

/** Writes a statement as one JSON: the same statement gives the same bytes, and so the same CID. */
export function formatStatementFile({ registry, account, did, signature }: NamedStatement): Uint8Array {
  return canonicalJson({ schemaVersion: "1.0", registry, account, did, signature });
}

/**
 * Reads statements that a verifier named. Whether they hold is found out later.
 *
 * @param places - each a file, or the `ipfs://` URI of one that is pinned
 * @param store - where what is pinned is read
 * @throws {ProvenanceError} `OPTION_INVALID` for what is no statement, and as the store's `get`
 */
export async function readNamedStatements(places: readonly string[], store?: BlockSource): Promise<NamedStatement[]> {
  return Promise.all(places.map(async (place) => parse(await readBytes(place, store), place)));
}

function parse(bytes: Uint8Array, place: string): NamedStatement {
  try {
    const parsed = schema.safeParse(parseUntrustedJson(bytes, MAX_BYTES, "It"));
    if (parsed.success) {
      const { registry, account, did, signature } = parsed.data;
      return { registry, account, did, signature };
    }
    const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
    throw invalid(place, `${path.join(".") || "it"} ${message}.`);
  } catch (cause) {
    if (!(cause instanceof ProvenanceError) || cause.code === "OPTION_INVALID") throw cause;
    throw invalid(place, cause.message, cause);
  }
}

async function readBytes(place: string, store: BlockSource | undefined): Promise<Uint8Array> {
  if (place.startsWith("ipfs://")) return readPinned(place, store);
  return readFileOrFault(place, MAX_BYTES, (fault, cause) => invalid(place, `It ${fault}.`, cause));
}

async function readPinned(uri: string, store: BlockSource | undefined): Promise<Uint8Array> {
  if (store === undefined) throw invalid(uri, "Nothing that is pinned is read here: name a file.");
  let cid: CID;
  try {
    cid = CID.parse(uri.slice("ipfs://".length));
  } catch (cause) {
    throw invalid(uri, "It is no ipfs:// and a CID.", cause);
  }
  const bytes = await store.get(cid);
  if (bytesMatchCid(cid, bytes)) return bytes;
  throw invalid(uri, "What came back has another digest.");
}

function invalid(place: string, fault: string, cause?: unknown): ProvenanceError {
  const text = `PUBLISHER_STATEMENTS: ${place} is no statement of a publisher. ${fault}`;
  return new ProvenanceError("OPTION_INVALID", text, { cause });
}

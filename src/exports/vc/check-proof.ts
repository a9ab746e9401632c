import { ProvenanceError } from "../../base/errors.ts";
import { type PublicJwk, readMultikey, toJwk, toMultikey } from "../../base/multikey.ts";
import { toUtf8 } from "../../base/bytes.ts";
import { DID_DOCUMENT_MAX_BYTES } from "../../metadata/did-document.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import type { DidFetcher } from "../../registry/publishers/publisher-sources.ts";
import type { StatedCredential } from "../../verify/evidence.ts";
import { type GivenCredential, decodePart } from "./read-credential.ts";

type Answer = StatedCredential["proof"];

const no = (why: string): Answer => ({ holds: "no", why });
const unknown = (why: string): Answer => ({ holds: "unknown", why });

/**
 * Checks the proof of a credential: a token's signature (ES256), or a Data Integrity proof (eddsa-rdfc-2022), by the key that
 * its issuer has. Keys that cannot be asked for, and kinds of proofs that are not known here, are unknown, never wrong.
 *
 * @param fetchDid - fetches the documents of did:web; without, these are not known
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING`
 */
export async function checkProof(given: GivenCredential, fetchDid: DidFetcher | undefined): Promise<Answer> {
  const { document, token, issuer } = given;
  const proof = document["proof"];
  if (token === undefined && proof === undefined) return no("it has none, so that anybody may have written it");
  const { verificationMethod } = (proof ?? {}) as { verificationMethod?: unknown };
  const method = token === undefined ? verificationMethod : token.header["kid"];
  if (typeof method !== "string") return unknown("it names no key by which it could be checked");
  if (method.split("#")[0] !== issuer) return no(`its key is of ${method.split("#")[0]}, and its issuer ${issuer}`);
  const multikey = await findKey(method, fetchDid);
  if (typeof multikey !== "string") return multikey;
  return token === undefined ? checkIntegrity(document, method, multikey) : checkToken(token, multikey);
}

async function checkToken({ text, header }: NonNullable<GivenCredential["token"]>, multikey: string): Promise<Answer> {
  if (header["alg"] !== "ES256")
    return unknown(`its algorithm is not one that is known here: ${String(header["alg"])}`);
  const jwk = toJwk(multikey);
  if (jwk?.crv !== "P-256") return no("its algorithm is ES256, and its issuer's key is of another kind");
  const [head = "", payload = "", signature = ""] = text.split(".");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, algorithm, false, ["verify"]);
  const signed = toUtf8(`${head}.${payload}`) as Uint8Array<ArrayBuffer>;
  const holds = await crypto.subtle.verify(algorithm, key, decodePart(signature), signed);
  return holds ? { holds: "yes" } : no("its signature is not one of its issuer's key");
}

async function checkIntegrity(document: object, method: string, multikey: string): Promise<Answer> {
  const { cryptosuite } = (document as { proof: { cryptosuite?: unknown } }).proof;
  if (cryptosuite !== "eddsa-rdfc-2022") {
    return unknown(`its kind of proof is not one that is known here: ${String(cryptosuite)}`);
  }
  if (readMultikey(multikey)?.crv !== "Ed25519")
    return no("its proof takes an Ed25519 key, and its issuer's is another");
  const { verifyCredential } = await import("./data-integrity.ts");
  const fault = await verifyCredential(document, { method, multikey });
  return fault === undefined ? { holds: "yes" } : no(fault);
}

/** The public key of a verification method, or why there is none. */
async function findKey(method: string, fetchDid: DidFetcher | undefined): Promise<string | Answer> {
  const [did = "", fragment] = method.split("#");
  if (did.startsWith("did:key:")) {
    const multikey = did.slice("did:key:".length);
    return readMultikey(multikey) === undefined ? unknown("its did:key is of a kind that is not known here") : multikey;
  }
  const web = parseDidWeb(did);
  if (web === undefined)
    return unknown(`${did.split(":").slice(0, 2).join(":")} is no method of DIDs that is known here`);
  if (fetchDid === undefined) return unknown(`${web.host} was not asked for its keys`);
  try {
    const { bytes } = await fetchDid(web);
    const key = readKey(parseUntrustedJson(bytes, DID_DOCUMENT_MAX_BYTES, "It"), did, fragment);
    return key ?? no(`${web.name} does not name the key ${method}`);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return unknown(error.message.replace(/\.$/, ""));
  }
}

interface Method {
  readonly id?: unknown;
  readonly publicKeyMultibase?: unknown;
  readonly publicKeyJwk?: unknown;
}

function isMethod(value: unknown): value is Method {
  return typeof value === "object" && value !== null;
}

/** A key that a document names for making statements. */
function readKey(document: unknown, did: string, fragment: string | undefined): string | undefined {
  const { id, verificationMethod, assertionMethod } = document as Record<string, unknown>;
  if (id !== did) return undefined;
  const ids = [`${did}#${fragment}`, `#${fragment}`];
  const listed: unknown[] = [assertionMethod].flat();
  const all: unknown[] = [verificationMethod, assertionMethod].flat();
  const methods = all.filter(isMethod);
  const mayAssert = listed.some((one) => ids.includes(String(isMethod(one) ? one.id : one)));
  const found = methods.find(({ id: own }) => ids.includes(String(own)));
  if (!mayAssert || found === undefined) return undefined;
  if (typeof found.publicKeyMultibase === "string") {
    return readMultikey(found.publicKeyMultibase) === undefined ? undefined : found.publicKeyMultibase;
  }
  try {
    return toMultikey(found.publicKeyJwk as PublicJwk);
  } catch {
    return undefined; // no key that is known here
  }
}

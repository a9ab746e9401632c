import { toHex32 } from "../base/hex.ts";
import { type BundleFacts, readBundleFacts } from "../model/oms/bundle-facts.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { isWithin } from "../model/oms/oms-path.ts";
import { SIGNED_BY_CARRIED } from "./checks/oms.ts";
import { listFindings } from "./conclude.ts";
import { type Finding, checked, notDone, passed } from "./findings.ts";
import type { VerifyReport } from "./report.ts";
import { digestsOf } from "./statement.ts";

/** What was found of a bundle at hand, in words. It decides nothing: no record names this bundle. */
export interface ExaminedBundle extends Pick<VerifyReport, "checks" | "notChecked" | "warnings"> {
  readonly facts: BundleFacts;
}

/** Files that were hashed, and what was left out. */
type FilesAtHand = Pick<HashedModel, "resources" | "excluded">;

const UNFIT = "The OMS bundle does not fit.";
const [FILES, KEY] = ["whether the OMS bundle signs your files", "whose key the OMS bundle is signed with"];
const WHO_CHECKS = {
  key: "oms verify checks that, with the public key",
  certificate: "oms verify checks that, with the certificates that are trusted",
  sigstore: "oms verify checks that, with Sigstore's trusted root and the identity that is expected",
} as const;

/**
 * Examines an OMS bundle that lies with a model or was given alone, as far as that goes without saying whom to trust.
 *
 * @param text - the bundle as JSON text
 * @param files - those at hand, where there are some, and what was left out of them
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`
 */
export async function examineBundle(text: string, files?: FilesAtHand): Promise<ExaminedBundle> {
  const facts = await readBundleFacts(text);
  const findings = [
    files === undefined ? notDone("no file was given with it", FILES) : compareFiles(facts, files),
    ...describeKey(facts),
  ];
  return { facts, ...listFindings(findings.map((finding) => ({ name: "oms", what: "the OMS bundle", finding }))) };
}

function* describeKey({ method, signed, keyHint }: BundleFacts): Generator<Finding> {
  if (signed !== undefined) {
    yield checked(signed, SIGNED_BY_CARRIED, "differs", UNFIT);
    yield notDone(WHO_CHECKS[method], KEY);
    return;
  }
  const named = method === "key" ? `it only names its key, ${keyHint}` : "its key cannot be read";
  yield notDone(`${named}: ${WHO_CHECKS[method]}`, "the signature of the OMS bundle");
}

/** By the root where it is that of the files, else file by file: a signer may have left out others, or hashed otherwise. */
function compareFiles({ rootDigest, statement }: BundleFacts, { resources, excluded }: FilesAtHand): Finding {
  const what = "the OMS bundle signs exactly these files";
  if (rootDigest !== undefined && digestsOf(resources).map(toHex32).includes(rootDigest)) return passed(what);
  const { hashType, shardSize, resources: signed } = statement;
  if (hashType !== "sha256" || shardSize !== undefined) {
    return notDone("it hashes them otherwise than by the SHA-256 of each: oms verify compares them", FILES);
  }
  const left = new Set(excluded.map(({ name }) => name));
  const seen = signed.filter(({ path }) => !isWithin(path, left));
  const digests = new Map(seen.map(({ path, digest }) => [path, digest]));
  // A model that is one file may be signed without its name.
  const single = resources.length === 1 && digests.size === 1 ? digests.get(".") : undefined;
  const wanted = (name: string) => digests.get(name) ?? single;
  const changed = resources.filter(({ name, sha256 }) => ![undefined, sha256].includes(wanted(name)));
  const unsigned = resources.filter(({ name }) => wanted(name) === undefined);
  const missing = digests.size - (resources.length - unsigned.length);
  const counts = [`${changed.length} changed`, `${missing} missing`, `${unsigned.length} not signed`];
  const differs = counts.filter((count) => !count.startsWith("0 "));
  const said = differs.length === 0 ? what : `${what}: ${differs.join(", ")}`;
  return checked(differs.length === 0, said, "differs", UNFIT);
}

import { type Finding, checked, failed, passed, warns } from "../findings.ts";
import type { StatedCredential } from "../evidence.ts";
import type { Check, CheckContext } from "./check.ts";

const NONE = { by: "no credential can be given there" };

/** A credential that the verifier was given: its own proof holds, and it says what the chain says. */
export const credential: Check = {
  name: "credential",
  what: "the credential",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: NONE,
    root: NONE,
    pack: NONE,
    lock: NONE,
    foreign: NONE,
    agent: NONE,
    credential: true,
  },
  *run(context): Iterable<Finding> {
    const { evidence } = context;
    const given = evidence.kind === "chain" ? evidence.credential : undefined;
    if (given === undefined) return;
    yield judgeProof(given);
    for (const [what, stated, recorded] of listClaims(given, context)) {
      const reason = `The credential says of ${what} ${JSON.stringify(stated)}; recorded is ${JSON.stringify(recorded)}.`;
      yield checked(stated === recorded, `the credential says of ${what} what is recorded`, "differs", reason);
    }
    const own = `did:pkh:eip155:${context.judged.place.chainId}:${context.judged.record.creator}`;
    if (given.issuer !== own) {
      yield warns(
        `The credential was issued by ${given.issuer}: whoever has a key may issue one. The record is of ${own}.`,
      );
    }
  },
};

function judgeProof({ issuer, proof }: StatedCredential): Finding {
  const what = `the credential is signed by ${issuer}`;
  if (proof.holds === "yes") return passed(what);
  if (proof.holds === "no") return failed("differs", what, `The credential's proof does not hold: ${proof.why}.`);
  return failed("unknown", what, `The credential's proof could not be checked: ${proof.why}.`);
}

type Claim = readonly [what: string, stated: string | undefined, recorded: string];

/** What it says beside what is recorded; what it leaves out is not claimed. */
function listClaims({ claims }: StatedCredential, { judged, statement }: CheckContext): Claim[] {
  const { record, place } = judged;
  const files = statement.expected?.map(({ name, sha256 }) => `${name}\0${sha256}`).sort();
  const all: Claim[] = [
    ["the metadata", claims.metadataDigest, record.metadataDigest],
    ["the creator", claims.creator, `did:pkh:eip155:${place.chainId}:${record.creator}`],
    ["the licence", claims.license, record.license],
  ];
  const list = claims.files?.map(([name, sha256]) => `${name}\0${sha256}`).sort();
  if (files !== undefined && list !== undefined) {
    all.push(["the files", list.join("\n") === files.join("\n") ? "the same" : "others", "the same"]);
  }
  return all.filter(([, stated]) => stated !== undefined);
}

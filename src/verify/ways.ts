import type { VerifyMethod } from "./report.ts";

/** The ways in which a verifier may ask, and what each compares. */
export const WAYS = {
  digests: { asked: "all files", compares: "SHA-256 of every file", method: "digests" },
  cid: { asked: "`--fast`", compares: "the CID built from the leaves of all files", method: "cid" },
  files: { asked: "`--only`", compares: "SHA-256 and Merkle proof of each file named", method: "proof" },
  proof: { asked: "`--proof`", compares: "one file, its proof, the root that was emitted", method: "proof" },
  root: { asked: "`--manifest-root`", compares: "one file, its proof, the root that was given", method: "proof" },
  pack: { asked: "`--pack`", compares: "SHA-256 of every file", method: "digests" },
  lock: { asked: "`--lock`", compares: "SHA-256 of every file", method: "lock" },
  foreign: { asked: "`--foreign`", compares: "any hash that the token states", method: "foreign" },
  agent: { asked: "`--agent` alone", compares: "no file: what the agent's owner states", method: "agent" },
  credential: { asked: "`--credential` alone", compares: "no file: what the credential says", method: "credential" },
} as const satisfies Record<string, { asked: string; compares: string; method: VerifyMethod }>;

/** One of {@link WAYS}. */
export type Way = keyof typeof WAYS;

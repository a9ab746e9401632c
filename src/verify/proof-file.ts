import { lstat } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomically } from "../base/atomic-write.ts";
import { readFileOrFault } from "../base/given-file.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { parseUntrustedJson } from "../metadata/json-limits.ts";
import type { Resource } from "../model/resource.ts";
import { assertResourceName } from "../model/resource-name.ts";

/** Proof that one file belongs to a recorded model: everything that is needed to check it without the metadata. */
export interface ProofFile {
  readonly schemaVersion: "1.0";
  /** CAIP-10 account of the registry. */
  readonly registry: string;
  readonly tokenId: Hex;
  readonly manifestRoot: Hex;
  readonly resource: Resource;
  /** The siblings on the way from the file's leaf to the root, each 0x-hex of 32 bytes. */
  readonly proof: readonly Hex[];
}

// A proof has one step for each doubling of the number of files.
const MAX_STEPS = 64;
const MAX_BYTES = 64 * 1024;

const digest = z.custom<Hex>(
  (text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text),
  "must be 0x and 64 lower-case hex digits",
);
const proofSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  tokenId: digest,
  manifestRoot: digest,
  resource: z.strictObject({
    name: z.string().min(1).max(4096),
    size: z.int().nonnegative(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits"),
  }),
  proof: z.array(digest).max(MAX_STEPS),
});

/**
 * Parses the bytes of a proof file. Its form is checked, not what it says.
 *
 * @throws {ProvenanceError} `PROOF_INVALID`
 */
export function parseProofFile(bytes: Uint8Array): ProofFile {
  let json: unknown;
  try {
    json = parseUntrustedJson(bytes, MAX_BYTES, "It");
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  const parsed = proofSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
    throw invalid(`${path.join(".") || "The whole"}: ${message}.`);
  }
  try {
    assertResourceName(parsed.data.resource.name);
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  return parsed.data;
}

/** Reads a proof file. Errors as {@link parseProofFile}. */
export async function readProofFile(path: string): Promise<ProofFile> {
  return parseProofFile(await readFileOrFault(path, MAX_BYTES, (fault, cause) => invalid(`${path} ${fault}.`, cause)));
}

/**
 * Writes a proof file whole or not at all. Another proof may be overwritten, any other file not.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export async function writeProofFile(path: string, proof: ProofFile): Promise<void> {
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  try {
    if (exists) await readProofFile(path);
    await writeFileAtomically(path, `${JSON.stringify(proofSchema.parse(proof), null, 2)}\n`);
  } catch (cause) {
    const reason =
      cause instanceof ProvenanceError ? "there is another file" : String((cause as NodeJS.ErrnoException).code);
    throw new ProvenanceError("OPTION_INVALID", `The proof cannot be written to ${path} (${reason}).`, { cause });
  }
}

function invalid(fault: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError(
    "PROOF_INVALID",
    `The proof file is not valid. ${fault} Get it again from who exported it.`,
    {
      cause,
    },
  );
}

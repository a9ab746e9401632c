import { lstat, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { writeFileAtomically } from "../base/atomic-write.ts";
import { ProvenanceError } from "../base/errors.ts";
import { CLAIM_MAX_BYTES, type Claim, formatClaim, parseClaim } from "./claim-form.ts";
import { CLAIM_NAME } from "./claim-name.ts";
import { findLinkedFile } from "./hf-snapshot.ts";
import { isOmsBundle } from "./oms-bundle.ts";

/** Tells whether a path is a regular file that parses as a claim. */
export async function isClaimFile(path: string): Promise<boolean> {
  return (await readClaimFile(path)) !== undefined;
}

/**
 * Finds the claim of a model: in the folder, else beside it. Undefined when there is none.
 *
 * @param links - whether the claim may be a link of a Hugging Face cache snapshot
 */
export async function readClaim(
  modelPath: string,
  kind: "file" | "folder",
  { hfCache = false }: { readonly hfCache?: boolean } = {},
): Promise<Claim | undefined> {
  const places = [...(kind === "folder" ? [join(modelPath, CLAIM_NAME)] : []), besidePath(modelPath)];
  for (const place of places) {
    const linked = hfCache ? await findLinkedFile(place).catch(() => undefined) : undefined;
    const claim = await readClaimFile(linked?.file.path ?? place);
    if (claim !== undefined) return claim;
  }
  return undefined;
}

/**
 * Says where the claim of a model goes: into the folder; beside it where an OMS bundle lies in the folder
 * (a foreign tool would refuse the extra file) and for a single file.
 *
 * @throws {ProvenanceError} `CLAIM_NAME_TAKEN` if a file of the model has that name: it is not overwritten
 */
export async function chooseClaimPath(modelPath: string, kind: "file" | "folder"): Promise<string> {
  const beside = kind === "file" || (await isOmsBundle(join(modelPath, "model.sig")));
  const path = beside ? besidePath(modelPath) : join(modelPath, CLAIM_NAME);
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  if (exists && !(await isClaimFile(path))) {
    throw new ProvenanceError(
      "CLAIM_NAME_TAKEN",
      `${path} is no claim and will not be overwritten. Rename it, or set CLAIM_FILE=0 to leave no claim.`,
    );
  }
  return path;
}

/**
 * Writes a claim whole or not at all.
 *
 * @param modelPath - where it is given, nothing but the claim is ever seen in it: a file that a killed process left would change the model
 */
export async function writeClaim(path: string, claim: Claim, modelPath?: string): Promise<void> {
  await writeFileAtomically(
    path,
    formatClaim(claim),
    modelPath === undefined ? {} : { stage: dirname(resolve(modelPath)) },
  );
}

function besidePath(modelPath: string): string {
  return `${modelPath}.${CLAIM_NAME}`;
}

async function readClaimFile(path: string): Promise<Claim | undefined> {
  try {
    // Only regular files: reading a FIFO would wait for ever, and a link may lead anywhere.
    const stats = await lstat(path);
    return stats.isFile() && stats.size <= CLAIM_MAX_BYTES ? parseClaim(await readFile(path)) : undefined;
  } catch {
    return undefined;
  }
}

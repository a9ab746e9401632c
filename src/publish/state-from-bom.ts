import { ProvenanceError } from "../base/errors.ts";
import { readGivenFile } from "../base/given-file.ts";
import type { Statements } from "../metadata/build-provenance.ts";
import { BOM_MAX_BYTES, type BomStatements, readBom } from "../metadata/read-bom.ts";
import type { HashedModel } from "../model/hash-model.ts";

// More would hide the others.
const MAX_NAMED = 5;

/**
 * Takes what a bill of materials says as statements; what the publisher states besides goes before. Where it says other
 * digests than the files have, that is a warning: what was measured is recorded.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a file that cannot be read or is no bill of materials of a model
 */
export async function stateFromBom(
  path: string,
  stated: Statements,
  model: Pick<HashedModel, "resources">,
  warn: (text: string) => void,
): Promise<Statements> {
  const bom = await read(path);
  for (const sentence of bom.leftOut) warn(`Of the bill of materials: ${sentence}`);
  warnOfFiles(bom, model, warn);
  const { extensions, ...rest } = bom.statements;
  return { ...rest, ...stated, extensions: { ...extensions, ...stated.extensions } };
}

async function read(path: string): Promise<BomStatements> {
  const bytes = await readGivenFile(path, { what: "MODEL_BOM:", maxBytes: BOM_MAX_BYTES });
  try {
    return readBom(bytes);
  } catch (cause) {
    const text = `MODEL_BOM: ${path} is not taken. ${(cause as Error).message}`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  }
}

function warnOfFiles(
  { files }: BomStatements,
  { resources }: Pick<HashedModel, "resources">,
  warn: (text: string) => void,
) {
  const measured = new Map(resources.map(({ name, sha256 }) => [name, sha256]));
  const faults = files.flatMap(({ name, sha256 }) => {
    const found = measured.get(name);
    if (found === undefined) return [`names ${JSON.stringify(name)}, which the model does not have`];
    return found === sha256 ? [] : [`says ${sha256} of ${JSON.stringify(name)}, which has ${found}`];
  });
  for (const fault of faults.slice(0, MAX_NAMED))
    warn(`The bill of materials ${fault}; what was measured is recorded.`);
  if (faults.length > MAX_NAMED) warn(`The bill of materials differs in ${faults.length - MAX_NAMED} further files.`);
}

import { ProvenanceError } from "../../base/errors.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { TERMS_MAX_BYTES } from "../../publish/market/draft-offer.ts";

const FILE = { what: "TERMS_PATH:", maxBytes: TERMS_MAX_BYTES };

/** Reads the terms of a licence as they will be pinned. @throws {ProvenanceError} `OPTION_INVALID` */
export async function readTerms(path: string): Promise<Uint8Array> {
  const bytes = await readGivenFile(path, FILE);
  if (bytes.length > 0) return bytes;
  throw new ProvenanceError("OPTION_INVALID", `TERMS_PATH: ${path} is empty.`);
}

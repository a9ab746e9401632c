import { ProvenanceError } from "../../base/errors.ts";
import { type SourceFile, withSource } from "../formats/byte-source.ts";
import { PieceDigester } from "../hashing/pieces.ts";
import type { ByteProgress } from "../hashing/steps.ts";
import { readPieces } from "./read-pieces.ts";
import type { FileTensors } from "./tensor-pieces.ts";

/**
 * Digests the tensors of one file, which is read once, from its first tensor to its last, in bounded memory.
 *
 * @returns 32 bytes a tensor, in the order of their bytes
 * @throws {ProvenanceError} `MODEL_CHANGED` if the file changed while it was read, `MODEL_UNREADABLE`
 */
export async function digestFileTensors(
  file: SourceFile,
  inFile: FileTensors,
  onBytes?: ByteProgress,
): Promise<Uint8Array> {
  return withSource(file, async (source) => {
    const begin = inFile.tensors[0]?.place.offset ?? 0;
    const end = begin + extentOf(inFile);
    if (end > source.size) throw tooShort(file);
    const digester = new PieceDigester(inFile.pieces);
    digester.update(begin, new Uint8Array());
    for await (const { position, bytes } of readPieces(source, begin, end)) {
      digester.update(position, bytes);
      onBytes?.(bytes.length);
    }
    await source.assertUnchanged();
    const digests = digester.digests();
    if (digests === undefined) throw tooShort(file);
    return digests;
  });
}

/** Bytes from the first tensor of a file to the end of its last one. */
export function extentOf({ tensors }: FileTensors): number {
  const begin = tensors[0]?.place.offset ?? 0;
  return tensors.reduce((last, { place }) => Math.max(last, place.offset + place.length), begin) - begin;
}

function tooShort({ name }: SourceFile): ProvenanceError {
  return new ProvenanceError("MODEL_CHANGED", `${name} became shorter while it was read.`);
}

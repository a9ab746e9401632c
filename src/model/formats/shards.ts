import { dirname, join } from "../../base/posix-path.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type SourceFile, withSource } from "./byte-source.ts";
import type { FileHeader } from "./file-headers.ts";
import { invalidHeader, namingFile, quote } from "./header-error.ts";
import { SAFETENSORS_INDEX_SUFFIX, assertIndexAgrees, readSafetensorsIndex } from "./safetensors-index.ts";

const WHOLE_SUFFIX = ".safetensors";
const GGUF_SHARD = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

/** A list of shards: which tensor of a folder is taken from which file of the model. */
export interface ShardList {
  /** Name of the list in the model. */
  readonly name: string;
  /** Names of tensors to names of files in the model. */
  readonly placed: ReadonlyMap<string, string>;
  /** It is not that of the files beside it, where a whole file is there: none of its shards counts. */
  readonly isStale: boolean;
}

/**
 * Reads the list of shards that a file is, and checks it against the headers of the shards.
 *
 * @param headers - every header of the model that could be read, by file name
 * @param warn - called with a sentence about what is odd in it
 * @returns undefined if the file is no list of shards
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readShardList(
  file: SourceFile,
  headers: ReadonlyMap<string, FileHeader>,
  warn: (text: string) => void,
): Promise<ShardList | undefined> {
  const { name } = file;
  if (!name.endsWith(SAFETENSORS_INDEX_SUFFIX)) return undefined;
  return namingFile(name, async () => {
    const weightMap = await withSource(file, readSafetensorsIndex);
    const inModel = (shard: string) => join(dirname(name), shard);
    const present = [...new Set(weightMap.values())].flatMap((shard) => {
      const header = headers.get(inModel(shard));
      return header?.format === "safetensors" ? [[shard, header.tensors] as const] : [];
    });
    const placed = new Map(Array.from(weightMap, ([tensor, shard]) => [tensor, inModel(shard)]));
    const whole = name.slice(0, -SAFETENSORS_INDEX_SUFFIX.length) + WHOLE_SUFFIX;
    try {
      assertIndexAgrees(weightMap, new Map(present), (text) => warn(`${name}: ${text}`));
      return { name, placed, isStale: false };
    } catch (error) {
      // Loaders take the whole file before they look for a list.
      if (headers.get(whole)?.format !== "safetensors" || !(error instanceof ProvenanceError)) throw error;
      warn(`${name}: ${error.message}; ${quote(whole)} is taken`);
      return { name, placed, isStale: true };
    }
  });
}

/**
 * Checks that the shards of each GGUF model (`-00001-of-00003.gguf`) are all there and agree on how many they are.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function assertGgufShards(headers: ReadonlyMap<string, FileHeader>): void {
  for (const [name, header] of headers) {
    const [, stem, number, count] = GGUF_SHARD.exec(name) ?? [];
    if (number === undefined) continue;
    assertShard(name, header, Number(number), Number(count));
    if (Number(number) === 1) assertAllShards(name, `${stem}-`, Number(count), headers);
  }
}

function assertAllShards(first: string, stem: string, count: number, headers: ReadonlyMap<string, FileHeader>): void {
  let tensors = 0;
  for (let i = 1; i <= count; i++) {
    const shard = `${stem}${fiveDigits(i)}-of-${fiveDigits(count)}.gguf`;
    const header = headers.get(shard);
    if (header === undefined) throw invalidHeader(`${first}: the shard ${quote(shard)} is not there`);
    tensors += header.tensors.length;
  }
  const declared = headers.get(first)?.gguf?.get("split.tensors.count");
  if (declared !== undefined && declared !== tensors) {
    throw invalidHeader(`${first}: split.tensors.count says ${String(declared)}, its shards hold ${tensors} tensors`);
  }
}

function fiveDigits(value: number): string {
  return String(value).padStart(5, "0");
}

function assertShard(name: string, { gguf }: FileHeader, number: number, count: number): void {
  if (number < 1 || number > count) throw invalidHeader(`${name}: there is no shard ${number} of ${count}`);
  const [declaredNumber, declaredCount] = [gguf?.get("split.no"), gguf?.get("split.count")];
  if (declaredCount !== count) {
    throw invalidHeader(`${name}: its name says ${count} shards, split.count ${String(declaredCount)}`);
  }
  if (declaredNumber !== number - 1) {
    throw invalidHeader(
      `${name}: its name says shard ${number}, split.no ${String(declaredNumber)} (it counts from 0)`,
    );
  }
}

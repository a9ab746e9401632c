import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { parseUntrustedJson } from "./json-limits.ts";

/** How many parameters a model has, in all and by dtype. */
export interface ParameterCount {
  readonly total: number;
  readonly byDtype: Record<string, number>;
}

// The reference implementation refuses headers above 100 MB; 25 MB hold about 200 000 tensors.
const MAX_HEADER_BYTES = 25 * 1024 * 1024;
const LENGTH_BYTES = 8;

const tensorSchema = z.object({
  dtype: z.string().regex(/^[A-Z0-9_]{1,16}$/),
  shape: z.array(z.int().nonnegative()).max(64),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/**
 * Counts the parameters that the headers of safetensors files declare.
 *
 * @param warn - called for a file whose header is malformed; then nothing is counted at all
 * @returns undefined when there is no such file, or one could not be read
 * @see safetensors format: 8 bytes little-endian header length, JSON header, data
 */
export async function countSafetensorsParameters(
  paths: readonly string[],
  warn: (text: string) => void,
): Promise<ParameterCount | undefined> {
  const byDtype: Record<string, number> = {};
  let total = 0;
  for (const path of paths) {
    try {
      for (const { dtype, shape } of await readTensors(path)) {
        const count = shape.reduce((product, dimension) => product * dimension, 1);
        byDtype[dtype] = (byDtype[dtype] ?? 0) + count;
        total += count;
      }
    } catch (error) {
      warn(`${basename(path)}: the safetensors header cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }
  if (paths.length === 0) return undefined;
  if (!Number.isSafeInteger(total)) {
    warn("The safetensors headers declare more parameters than can be counted; the count is left out.");
    return undefined;
  }
  return { total, byDtype };
}

async function readTensors(path: string): Promise<z.infer<typeof tensorSchema>[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = (await readExactly(file, 0, LENGTH_BYTES)).readBigUInt64LE();
    if (length > BigInt(MAX_HEADER_BYTES) || Number(length) + LENGTH_BYTES > size) {
      throw new Error(`it claims ${length} bytes`);
    }
    const bytes = await readExactly(file, LENGTH_BYTES, Number(length));
    const header = parseUntrustedJson(bytes, MAX_HEADER_BYTES, "the header");
    const { __metadata__: _, ...tensors } = z.record(z.string(), z.unknown()).parse(header);
    const dataSize = size - LENGTH_BYTES - Number(length);
    return Object.values(tensors).map((entry) => {
      const tensor = tensorSchema.parse(entry);
      const [begin, end] = tensor.data_offsets;
      if (begin > end || end > dataSize) throw new Error(`a tensor lies outside the file (${begin} to ${end})`);
      return tensor;
    });
  } finally {
    await file.close();
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error("the file ends too early");
  return buffer;
}

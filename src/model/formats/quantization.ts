import { readBytes, type SourceFile, withSource } from "./byte-source.ts";
import { GGUF_FILE_TYPES, GGUF_TYPES } from "./dtypes.ts";
import type { FileHeader } from "./file-headers.ts";
import { isObject, parsePythonJson } from "./python-json.ts";

/** How weights were quantised, in the words of the file that says it: nothing here is guessed from names or shapes. */
export interface Quantization {
  /** `gguf`, or what `quantization_config.quant_method` of config.json says, for example `gptq`. */
  readonly method: string;
  /** The type of most tensors, for example `Q4_K_M`, where the file says it. */
  readonly type?: string;
  /** Bits of a weight, where the file says it. */
  readonly bits?: number;
}

const MAX_CONFIG_BYTES = 64 * 1024 * 1024;
const MAX_METHOD = 64;
const BLOCK_TYPES = new Set(
  Object.values(GGUF_TYPES)
    .filter(([, elements]) => elements > 1)
    .map(([name]) => name),
);

/** Tells whether a dtype is a GGUF type that packs several elements into a block. */
export function isBlockType(dtype: string): boolean {
  return BLOCK_TYPES.has(dtype);
}

/** Reads how a GGUF file was quantised; undefined when none of its tensors is. */
export function quantizationOfGguf({ tensors, gguf }: FileHeader): Quantization | undefined {
  if (!tensors.some(({ dtype }) => isBlockType(dtype))) return undefined;
  const fileType = gguf?.get("general.file_type");
  const type = typeof fileType === "number" ? GGUF_FILE_TYPES[fileType] : undefined;
  return { method: "gguf", ...(type !== undefined && { type }) };
}

/** Reads `quantization_config` of a config.json; undefined when it has none or cannot be read: it is no header. */
export async function quantizationOfConfig(config: SourceFile): Promise<Quantization | undefined> {
  const bytes = await withSource(config, async (source) =>
    source.size > MAX_CONFIG_BYTES ? undefined : await readBytes(source, 0, source.size),
  );
  const quantization = bytes && parseConfig(bytes)?.["quantization_config"];
  if (!isObject(quantization)) return undefined;
  const { quant_method: method, bits } = quantization;
  if (typeof method !== "string" || method.length > MAX_METHOD || !method.isWellFormed()) return undefined;
  return { method, ...(typeof bits === "number" && Number.isSafeInteger(bits) && bits > 0 && { bits }) };
}

function parseConfig(bytes: Uint8Array) {
  try {
    return parsePythonJson(bytes, "config.json");
  } catch {
    return undefined;
  }
}

import { GGUF_TYPES, SAFETENSORS_BITS } from "../formats/dtypes.ts";

const GGUF_BITS = new Map(Object.values(GGUF_TYPES).map(([name, elements, bytes]) => [name, (bytes * 8) / elements]));
const FULL_FLOATS = new Set(["F16", "BF16", "F32", "F64", "C64"]);

/** Bits that one element takes on average, for dtypes of safetensors and GGUF. */
export function bitsPerElement(dtype: string): number {
  return SAFETENSORS_BITS[dtype] ?? GGUF_BITS.get(dtype) ?? Number.POSITIVE_INFINITY;
}

/** Tells whether weights of this dtype were quantised: it is no floating-point type of 16 bits or more. */
export function isQuantizedType(dtype: string): boolean {
  return !FULL_FLOATS.has(dtype);
}

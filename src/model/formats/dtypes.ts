import gguf from "./gguf-types.json" with { type: "json" };
import onnx from "./onnx-types.json" with { type: "json" };
import safetensors from "./safetensors-types.json" with { type: "json" };

/** Bits of one element by the dtype of a safetensors header. */
export const SAFETENSORS_BITS: Readonly<Record<string, number>> = safetensors.bits;

/** A GGUF tensor type: its name, and how many elements a block holds in how many bytes. */
export type GgufType = readonly [name: string, blockElements: number, blockBytes: number];

/** GGUF tensor types by number. */
export const GGUF_TYPES = gguf.types as unknown as Readonly<Record<number, GgufType>>;

/** What `general.file_type` of a GGUF file says of most of its tensors. */
export const GGUF_FILE_TYPES: Readonly<Record<number, string>> = gguf.fileTypes;

/** An ONNX data type: its name in the words of safetensors where those have one, and the bits of one element (0: no fixed size). */
export type OnnxType = readonly [name: string, bits: number];

/** ONNX data types by number. */
export const ONNX_TYPES = onnx.types as unknown as Readonly<Record<number, OnnxType>>;

import { Buffer } from "buffer";
import { invalidHeader, quote } from "./header-error.ts";

/** Where the bytes of a tensor lie. */
export interface TensorPlace {
  /** Name of the file in the model. */
  readonly file: string;
  /** First byte, from the start of the file. */
  readonly offset: number;
  /** Length in bytes. */
  readonly length: number;
}

/** A tensor as a header declares it. */
export interface TensorEntry {
  readonly name: string;
  /** The format's own word, for example `F32`, `BF16`, `Q4_K`. */
  readonly dtype: string;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  /** How many numbers it holds: the product of the shape. */
  readonly elements: number;
  /** Undefined where the bytes are not kept in one piece. */
  readonly place?: TensorPlace;
}

/** The most tensors that are read of one model: about twice those of the largest that are published. */
export const MAX_TENSORS = 400_000;
/** The longest name of a tensor, in UTF-8 bytes. */
export const MAX_NAME_BYTES = 4096;

const MAX_DIMENSIONS = 64;

/**
 * Multiplies a shape.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID` if a dimension is no safe non-negative integer, or the product is none
 */
export function countElements(name: string, shape: readonly unknown[]): number {
  if (shape.length > MAX_DIMENSIONS) {
    throw invalidHeader(`the tensor ${quote(name)} has ${shape.length} dimensions, more than ${MAX_DIMENSIONS}`);
  }
  let product = 1n;
  let hasZero = false;
  for (const dimension of shape) {
    if (typeof dimension !== "number" || !Number.isSafeInteger(dimension) || dimension < 0) {
      throw invalidHeader(`the tensor ${quote(name)} has the dimension ${quote(String(dimension))}`);
    }
    if (dimension === 0) hasZero = true;
    else product *= BigInt(dimension);
  }
  if (product > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalidHeader(
      `the tensor ${quote(name)} has the shape [${shape.join(", ")}]: more elements than can be counted`,
    );
  }
  return hasZero ? 0 : Number(product);
}

/**
 * Checks that a name can be recorded: not empty, not too long, well-formed Unicode.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function assertTensorName(name: string): void {
  if (name === "") throw invalidHeader("a tensor has no name");
  if (!name.isWellFormed()) throw invalidHeader(`the tensor name ${quote(name)} is not well-formed Unicode`);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw invalidHeader(`the tensor name ${quote(name)} has more than ${MAX_NAME_BYTES} bytes`);
  }
}

/** Refuses more tensors than a model may have. @throws {ProvenanceError} `MODEL_HEADER_INVALID` */
export function assertTensorCount(count: number | bigint): void {
  if (count > MAX_TENSORS) throw invalidHeader(`it declares ${count} tensors, more than the ${MAX_TENSORS} allowed`);
}

/**
 * Checks that tensors lie one after another, each from an aligned position, without overlap, gap or bytes that
 * belong to none: such bytes could carry anything.
 *
 * @param begin - where the data starts in the file
 * @param end - the file's size
 * @param mayTrail - bytes behind the last tensor are counted and not refused
 * @returns the tensors in the order of their bytes
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function assertContiguous(
  tensors: readonly Required<TensorEntry>[],
  begin: number,
  end: number,
  alignment: number,
  mayTrail = false,
): { readonly inOrder: Required<TensorEntry>[]; readonly trailing: number } {
  const inOrder = tensors.toSorted(
    (a, b) => a.place.offset - b.place.offset || a.place.length - b.place.length || (a.name < b.name ? -1 : 1),
  );
  let expected = begin;
  for (const { name, place } of inOrder) {
    if (place.offset !== expected) {
      const fault = place.offset < expected ? "overlaps the tensor before it" : "leaves a gap before it";
      throw invalidHeader(`the tensor ${quote(name)} starts at byte ${place.offset} and not ${expected}: it ${fault}`);
    }
    const last = place.offset + place.length;
    if (last > end) throw invalidHeader(`the tensor ${quote(name)} ends at byte ${last}, but the file at ${end}`);
    expected = alignUp(last, alignment);
  }
  // The padding behind the last tensor may be left out.
  const last = inOrder.at(-1)?.place;
  const dataEnd = last === undefined ? begin : last.offset + last.length;
  const trailing = end === dataEnd || end === expected ? 0 : end - dataEnd;
  if (trailing > 0 && !mayTrail) throw invalidHeader(`${trailing} bytes follow the last tensor`);
  return { inOrder, trailing };
}

/** Rounds a position up to the next multiple. */
export function alignUp(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

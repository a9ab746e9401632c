/** One element of DER: its tag byte, its content, and the whole of it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
}

/**
 * Reads the elements that stand one after the other in DER bytes.
 *
 * @throws {RangeError} if a length leads out of the bytes or is of a form that a certificate never needs
 */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const tag = byteAt(bytes, offset);
    const { length, start } = readLength(bytes, offset + 1);
    if (start + length > bytes.length) throw new RangeError(`DER element at ${offset} ends outside its bytes`);
    const end = start + length;
    elements.push({ tag, content: bytes.subarray(start, end), bytes: bytes.subarray(offset, end) });
    offset = end;
  }
  return elements;
}

/** The elements in the content of one; none where there is none. */
export function childrenOf(element: DerElement | undefined): DerElement[] {
  return element === undefined ? [] : readDer(element.content);
}

function readLength(bytes: Uint8Array, offset: number): { length: number; start: number } {
  const first = byteAt(bytes, offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  const width = first & 0x7f;
  if (width === 0 || width > 4) throw new RangeError(`DER length of ${width} bytes at ${offset}`);
  let length = 0;
  for (let i = 1; i <= width; i++) length = length * 256 + byteAt(bytes, offset + i);
  return { length, start: offset + 1 + width };
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new RangeError(`DER ends at ${offset}`);
  return byte;
}

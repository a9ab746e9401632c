/** One element of DER: its tag byte and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

/**
 * Reads the elements that stand one after the other in DER bytes.
 *
 * @throws {RangeError} if a length leads out of the bytes or is of a form that a certificate never needs
 */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const tag = bytes.readUInt8(offset);
    const { length, start } = readLength(bytes, offset + 1);
    if (start + length > bytes.length) throw new RangeError(`DER element at ${offset} ends outside its bytes`);
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    offset = start + length;
  }
  return elements;
}

function readLength(bytes: Buffer, offset: number): { length: number; start: number } {
  const first = bytes.readUInt8(offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  const width = first & 0x7f;
  if (width === 0 || width > 4) throw new RangeError(`DER length of ${width} bytes at ${offset}`);
  return { length: bytes.readUIntBE(offset + 1, width), start: offset + 1 + width };
}

import { Buffer } from "buffer";

/** One element of DER: its tag byte and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** The whole: tag, length and content. */
  readonly raw: Buffer;
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
    const end = start + length;
    elements.push({ tag, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) });
    offset = start + length;
  }
  return elements;
}

/** Writes one element of DER. */
export function writeDer(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

function readLength(bytes: Buffer, offset: number): { length: number; start: number } {
  const first = bytes.readUInt8(offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  const width = first & 0x7f;
  if (width === 0 || width > 4) throw new RangeError(`DER length of ${width} bytes at ${offset}`);
  return { length: bytes.readUIntBE(offset + 1, width), start: offset + 1 + width };
}

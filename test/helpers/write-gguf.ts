const u32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer);
const u64 = (value: number) => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** A tensor of a GGUF file: its shape outermost first, its type by number, and how many bytes it has. */
export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly bytes: number;
}

/** Writes a GGUF file of version 3; values are texts or 32-bit numbers, the data are zeros. */
export function createGguf(values: Readonly<Record<string, string | number>>, tensors: readonly GgufTensor[]): Buffer {
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
  const parts = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(Object.keys(values).length)];
  for (const [key, value] of Object.entries(values)) {
    parts.push(text(key), ...(typeof value === "string" ? [u32(8), text(value)] : [u32(4), u32(value)]));
  }
  const data = tensors.map(({ bytes }) => pad(Buffer.alloc(bytes)));
  let offset = 0;
  for (const [i, { name, shape, type }] of tensors.entries()) {
    parts.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(type), u64(offset));
    offset += data[i]?.length ?? 0;
  }
  return Buffer.concat([pad(Buffer.concat(parts)), ...data]);
}

/** A tensor of single precision numbers, row-major. */
export interface Tensor {
  shape: readonly number[];
  values: Float32Array;
}

/** What a safetensors file holds: named tensors and free text about them. */
export interface Safetensors {
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
const F32_BYTES = 4;

/**
 * Writes the safetensors format: 8 bytes of header length, a JSON header, then the numbers; all little-endian.
 * The header is padded with spaces so that the numbers start at a multiple of 8 bytes.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    const start = end;
    end += values.length * F32_BYTES;
    header[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;

  const file = Buffer.alloc(LENGTH_BYTES + headerLength + end, " ");
  file.writeBigUInt64LE(BigInt(headerLength));
  json.copy(file, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerLength;
  for (const { values } of tensors.values()) {
    for (const value of values) position = file.writeFloatLE(value, position);
  }
  return file;
}

/**
 * Reads a safetensors file of F32 tensors.
 *
 * @throws {Error} if the header is not whole, or the tensors do not cover the rest of the file without gap or overlap.
 */
export function decodeSafetensors(file: Buffer): Safetensors {
  const { header, body } = splitFile(file);
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, HeaderEntry> & {
    __metadata__?: Record<string, string>;
  };

  const tensors = new Map<string, Tensor>();
  let position = 0;
  for (const [name, entry] of Object.entries(entries).toSorted(byOffset)) {
    const [start, end] = validateEntry(name, entry);
    if (start !== position) throw new Error(`Tensor ${name} starts at byte ${start}, expected ${position}`);
    if (end > body.length) throw new Error(`Tensor ${name} ends at byte ${end}, but there are only ${body.length}`);
    const values = Float32Array.from({ length: (end - start) / F32_BYTES }, (_, i) =>
      body.readFloatLE(start + i * F32_BYTES),
    );
    tensors.set(name, { shape: entry.shape, values });
    position = end;
  }
  if (position !== body.length) throw new Error(`${body.length - position} bytes follow the last tensor`);
  return { tensors, metadata };
}

function splitFile(file: Buffer): { header: object; body: Buffer } {
  if (file.length < LENGTH_BYTES) throw new Error(`A safetensors file has at least 8 bytes, got ${file.length}`);
  const headerLength = file.readBigUInt64LE();
  const rest = file.length - LENGTH_BYTES;
  if (headerLength > BigInt(rest)) {
    throw new Error(`The safetensors header is ${headerLength} bytes long, but only ${rest} follow`);
  }
  const body = file.subarray(LENGTH_BYTES + Number(headerLength));
  const json = file.toString("utf8", LENGTH_BYTES, LENGTH_BYTES + Number(headerLength));
  try {
    const header: unknown = JSON.parse(json);
    if (typeof header === "object" && header !== null && !Array.isArray(header)) return { header, body };
  } catch (cause) {
    throw new Error("The safetensors header is not JSON", { cause });
  }
  throw new Error("The safetensors header is not a JSON object");
}

function validateEntry(name: string, { dtype, shape, data_offsets }: HeaderEntry): [number, number] {
  if (dtype !== "F32") throw new Error(`Tensor ${name} has the type ${dtype}, only F32 is read here`);
  const [start, end] = data_offsets;
  const size = shape.reduce((product, length) => product * length, F32_BYTES);
  if (end - start !== size) throw new Error(`Tensor ${name} takes ${end - start} bytes, its shape needs ${size}`);
  return [start, end];
}

const byOffset = ([, a]: [string, HeaderEntry], [, b]: [string, HeaderEntry]) => a.data_offsets[0] - b.data_offsets[0];

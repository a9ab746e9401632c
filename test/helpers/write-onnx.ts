/** One field of protobuf: a number, or a message or text of its own. */
function field(number: number, content: number | Uint8Array | string): Buffer {
  if (typeof content === "number") return Buffer.from([...varint(number * 8), ...varint(content)]);
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const join = (...parts: Buffer[]) => Buffer.concat(parts);

/** A tensor of 16 floats whose data lies elsewhere. */
export function externalTensor(name: string, location: string): Buffer {
  const entry = (key: string, value: string) => field(13, join(field(1, key), field(2, value)));
  const place = [entry("location", location), entry("offset", "0"), entry("length", "64")];
  return join(field(1, 4), field(1, 4), field(2, 1), field(8, name), ...place, field(14, 1));
}

/** A tensor of one number of a type by its number in onnx.proto, with these bytes. */
export function rawTensor(name: string, type: number, bytes: Uint8Array): Buffer {
  return join(field(1, 1), field(2, type), field(8, name), field(9, bytes));
}

/** Where tensors can stand in a graph. */
export interface OnnxParts {
  readonly initializers?: readonly Uint8Array[];
  readonly sparse?: readonly Uint8Array[];
  /** Constants: attributes of nodes. */
  readonly constants?: readonly Uint8Array[];
  /** In the graph of a branch. */
  readonly branch?: OnnxParts;
}

/** An ONNX model with these tensors. */
export function createOnnx(parts: OnnxParts): Buffer {
  return join(field(1, 10), field(7, graph(parts)), field(8, join(field(1, ""), field(2, 18))));
}

function graph({ initializers = [], sparse = [], constants = [], branch }: OnnxParts): Buffer {
  const node = (attribute: Buffer) => field(1, join(field(4, "Constant"), field(5, attribute)));
  return join(
    ...constants.map((tensor) => node(field(5, tensor))),
    ...(branch ? [node(field(6, graph(branch)))] : []),
    field(2, "g"),
    ...initializers.map((tensor) => field(5, tensor)),
    ...sparse.map((tensor) => field(15, field(1, tensor))),
  );
}

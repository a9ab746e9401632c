import { ByteCursor } from "./byte-cursor.ts";
import type { ByteSource } from "./byte-source.ts";
import { invalidHeader } from "./header-error.ts";
import { type FieldBudget, type ProtobufField, WIRE, readProtobufText, walkFields } from "./protobuf.ts";

// Where tensors stand in a model, also inside of nodes and subgraphs. @see onnx.proto of ONNX 1.23
const MESSAGES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: "graph", 20: "training", 25: "function" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  function: { 7: "node" },
  training: { 1: "graph", 2: "graph" },
  tensor: { 13: "entry" },
};
const ENTRY = { key: 1, value: 2 };
const MAX_DEPTH = 64;
const MAX_FIELDS = 2_000_000;
const MAX_TEXT_BYTES = 4096;

/**
 * Lists the files in which an ONNX model says that tensors of it lie, of initializers, constants and subgraphs. Weights are
 * not read.
 *
 * @returns locations as they stand there, relative to the file
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readOnnxLocations(source: ByteSource): Promise<Set<string>> {
  const cursor = new ByteCursor(source);
  const budget: FieldBudget = { left: MAX_FIELDS };
  const locations = new Set<string>();
  const walk = async (message: string, end: number, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) throw invalidHeader(`it is nested more than ${MAX_DEPTH} levels deep`);
    await walkFields(cursor, end, budget, async (field) => {
      const inner = field.wireType === WIRE.bytes ? MESSAGES[message]?.[field.number] : undefined;
      if (inner === undefined) return;
      if (inner === "entry") return readEntry(cursor, field, budget, locations);
      cursor.position = field.offset;
      await walk(inner, field.offset + field.length, depth + 1);
    });
  };
  await walk("model", source.size, 0);
  return locations;
}

async function readEntry(
  cursor: ByteCursor,
  { offset, length }: ProtobufField,
  budget: FieldBudget,
  into: Set<string>,
): Promise<void> {
  let [key, value] = ["", ""];
  cursor.position = offset;
  await walkFields(cursor, offset + length, budget, async (field) => {
    if (field.wireType !== WIRE.bytes) return;
    const text = await readProtobufText(cursor, field, MAX_TEXT_BYTES, "an entry of external_data");
    if (field.number === ENTRY.key) key = text;
    if (field.number === ENTRY.value) value = text;
  });
  if (key === "location") into.add(value);
}

import { ByteCursor } from "./byte-cursor.ts";
import type { ByteSource } from "./byte-source.ts";
import type { Format } from "./format.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { UNKNOWN_TYPE, readOnnxTensor } from "./onnx-tensor.ts";
import { type FieldBudget, type ProtobufField, WIRE, readProtobufText, walkFields } from "./protobuf.ts";
import { type TensorEntry, assertTensorCount } from "./tensor.ts";

/** What an ONNX model says of itself. */
export interface OnnxHeader {
  readonly irVersion: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly graphName?: string;
  /** Operator sets by domain; the empty domain is ONNX's own. */
  readonly opsets: readonly { domain: string; version: number }[];
  readonly initializers: readonly TensorEntry[];
}

const MODEL = { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsetImport: 8 };
const GRAPH = { name: 2, initializer: 5 };
const OPSET = { domain: 1, version: 2 };
const MAX_TEXT_BYTES = 1024;
const MAX_OPSETS = 1024;
// The graphs of the largest models have some 10^5 fields; nobody waits for 10^9 of them.
const MAX_FIELDS = 2_000_000;

/** ONNX: a protobuf message with graph and weights, or with weights in files beside. */
export const onnx = {
  name: "onnx",
  extensions: [".onnx"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "listed",
  read: async (name, source) => {
    const { initializers, opsets } = await readOnnx(name, source);
    const opset = opsets.find(({ domain }) => domain === "" || domain === "ai.onnx");
    const version = opset && { version: `opset ${opset.version}` };
    const unknown = new Set(initializers.map(({ dtype }) => dtype).filter((dtype) => dtype.startsWith(UNKNOWN_TYPE)));
    const warnings = [...unknown].map((dtype) => `its data type ${dtype.slice(UNKNOWN_TYPE.length)} is not known here`);
    return { tensors: initializers, framework: { name: "ONNX", ...version }, warnings };
  },
} as const satisfies Format;

/**
 * Reads what an ONNX file says of itself and its initializers. It walks over the protobuf fields and never
 * reads weights; initializers inside of nodes (constants, subgraphs) and sparse ones are not listed.
 *
 * @param name - the file's name in the model
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export async function readOnnx(name: string, source: ByteSource): Promise<OnnxHeader> {
  const cursor = new ByteCursor(source);
  const budget: FieldBudget = { left: MAX_FIELDS };
  const texts: { producerName?: string; producerVersion?: string } = {};
  const opsets: OnnxHeader["opsets"][number][] = [];
  let irVersion: bigint | undefined;
  let graph: Graph | undefined;
  await walkFields(cursor, source.size, budget, async (field) => {
    if (field.number === MODEL.irVersion && field.wireType === WIRE.varint) irVersion = field.value;
    if (field.wireType !== WIRE.bytes) return;
    if (field.number === MODEL.producerName) texts.producerName = await readText(cursor, field, "the producer's name");
    if (field.number === MODEL.producerVersion) texts.producerVersion = await readText(cursor, field, "its version");
    if (field.number === MODEL.opsetImport) {
      if (opsets.length >= MAX_OPSETS) throw invalidHeader(`it imports more than ${MAX_OPSETS} operator sets`);
      opsets.push(await readOpset(cursor, field, budget));
    }
    if (field.number === MODEL.graph) {
      if (graph !== undefined) throw invalidHeader("it has two graphs");
      graph = await readGraph(cursor, field, budget, name);
    }
  });
  if (irVersion === undefined || irVersion > 0xffffn) throw invalidHeader("it has no ir_version: it is no ONNX model");
  if (graph === undefined) throw invalidHeader("it has no graph: it is no ONNX model");
  return { irVersion: Number(irVersion), ...texts, ...graph, opsets };
}

type Graph = Pick<OnnxHeader, "graphName" | "initializers">;

async function readGraph(
  cursor: ByteCursor,
  { offset, length }: ProtobufField,
  budget: FieldBudget,
  file: string,
): Promise<Graph> {
  const initializers = new Map<string, TensorEntry>();
  let graphName: string | undefined;
  cursor.position = offset;
  await walkFields(cursor, offset + length, budget, async (field) => {
    if (field.wireType !== WIRE.bytes) return;
    if (field.number === GRAPH.name) graphName = await readText(cursor, field, "the graph's name");
    if (field.number !== GRAPH.initializer) return;
    const tensor = await readOnnxTensor(cursor, field, budget, file);
    if (initializers.has(tensor.name)) throw invalidHeader(`the initializer ${quote(tensor.name)} stands twice`);
    initializers.set(tensor.name, tensor);
    assertTensorCount(initializers.size);
  });
  return { ...(graphName !== undefined && { graphName }), initializers: [...initializers.values()] };
}

async function readOpset(cursor: ByteCursor, { offset, length }: ProtobufField, budget: FieldBudget) {
  let domain = "";
  let version = 0n;
  cursor.position = offset;
  await walkFields(cursor, offset + length, budget, async (field) => {
    if (field.number === OPSET.domain && field.wireType === WIRE.bytes) {
      domain = await readText(cursor, field, "an operator set's domain");
    }
    if (field.number === OPSET.version && field.wireType === WIRE.varint) version = field.value;
  });
  if (version > 0xffffn) throw invalidHeader(`the operator set ${quote(domain)} has the version ${version}`);
  return { domain, version: Number(version) };
}

async function readText(cursor: ByteCursor, field: ProtobufField, what: string): Promise<string> {
  return readProtobufText(cursor, field, MAX_TEXT_BYTES, what);
}

import { type EventFragment, Interface, toBeHex, zeroPadValue } from "ethers";
import { MODEL_PROVENANCE_ABI } from "model-provenance-nft";

const CONTRACT = new Interface(MODEL_PROVENANCE_ABI);
const EVENT = findEvent("ProvenanceDataRecorded");
const ADDRESS = `0x${"5f".repeat(20)}`;
const PER_BLOCK = 10;
const LICENCES = ["Apache-2.0", "MIT", "LicenseRef-llama3", "CC-BY-4.0"];
const FRAMEWORKS = ["PyTorch 2.9.0", "JAX 0.8.1", "ONNX 1.20"];

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly { readonly fromBlock?: string; readonly toBlock?: string }[];
}

/** Where the registry of the stand-in is. */
export const STAND_IN = { name: "bench", chainId: "1337", address: ADDRESS };

/** Answers as a node would that has a registry of so many models, ten in a block. */
export function answerCall(call: Call, models: number): unknown {
  const head = Math.ceil(models / PER_BLOCK);
  switch (call.method) {
    case "eth_chainId":
      return "0x539";
    case "eth_blockNumber":
      return toQuantity(head);
    case "eth_getCode":
      return "0x60";
    case "eth_call": // supportsInterface
      return zeroPadValue("0x01", 32);
    case "eth_getLogs": {
      const [{ fromBlock = "0x0", toBlock = "0x0" } = {}] = call.params;
      return listLogs(Number(fromBlock), Math.min(Number(toBlock), head), models);
    }
    default:
      return null;
  }
}

function listLogs(first: number, last: number, models: number): unknown[] {
  const logs: unknown[] = [];
  for (let block = Math.max(1, first); block <= last; block++) {
    for (let i = (block - 1) * PER_BLOCK; i < Math.min(models, block * PER_BLOCK); i++) logs.push(toLog(i, block));
  }
  return logs;
}

function toLog(i: number, block: number): unknown {
  const kind = i % KINDS;
  const data = known.get(kind) ?? encodeData(kind);
  known.set(kind, data);
  return {
    address: ADDRESS,
    topics: [EVENT.topicHash, digestOf(i, 1), toBeHex(0xaa00 + (i % 50), 32), digestOf(i, 2)],
    data,
    blockNumber: toQuantity(block),
    blockHash: toBeHex(block, 32),
    transactionHash: digestOf(i, 9),
    transactionIndex: "0x0",
    logIndex: toQuantity(i % PER_BLOCK),
    removed: false,
  };
}

// Models that differ in nothing but their token, creator and weights share what is encoded: that would take longer than reading.
const KINDS = 1_200;
const known = new Map<number, string>();

function encodeData(kind: number): string {
  const values: Readonly<Record<string, unknown>> = {
    tokenId: 0,
    creator: toBeHex(0, 20),
    weightsDigest: digestOf(kind, 2),
    manifestRoot: digestOf(kind, 3),
    datasetDigest: digestOf(kind, 4),
    metadataDigest: digestOf(kind, 5),
    relation: kind % 8 === 1 ? 0 : kind % 8,
    parents: [],
    baseModelDigest: digestOf(kind, 0),
    mintedAt: 1_760_000_000 + kind,
    framework: FRAMEWORKS[kind % 3],
    license: LICENCES[kind % 4],
    performanceMetrics: `accuracy=0.${String(kind).padStart(4, "0")}`,
    version: `1.${kind % 20}.0`,
  };
  const texts = EVENT.inputs.map(({ name, type }) => values[name] ?? (type.startsWith("uint") ? 0 : ""));
  return CONTRACT.encodeEventLog(EVENT, texts).data;
}

function digestOf(i: number, salt: number): string {
  return toBeHex((BigInt(i + 1) << 200n) + BigInt(salt), 32);
}

function toQuantity(number: number): string {
  return `0x${number.toString(16)}`;
}

function findEvent(name: string): EventFragment {
  const event = CONTRACT.getEvent(name);
  if (event === null) throw new Error(`The contract has no event ${name}.`);
  return event;
}

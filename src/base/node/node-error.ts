import type { Hex } from "../hex.ts";
import { hideUrls } from "../url-secrets.ts";
import {
  LIMIT_CODES,
  LIMIT_EXCEEDED,
  LIMIT_WORDS,
  PROTOCOL_CODES,
  QUOTA_WORDS,
  REVERT_CODE,
  REVERT_WORDS,
} from "./node-words.ts";

/** What became of a question to a JSON-RPC node. */
export type NodeErrorKind =
  | "reverted" // the contract refused the call
  | "limited" // the node takes no more requests for now
  | "refused" // the node answered with another error
  | "undecodable" // the call was answered with bytes that are no answer to it
  | "unreadable" // the node answered something else than what was asked for
  | "oversized" // its answer was longer than is read
  | "slow" // it did not answer in time
  | "silent"; // it did not answer, or not as a JSON-RPC node does

/** A failure of a question to a node, by what the node itself said. */
export interface NodeError {
  readonly kind: NodeErrorKind;
  /** The node's own words: one line, without the secrets of URLs. */
  readonly words: string;
  /** What a contract reverted with. */
  readonly data?: Hex;
  /** The JSON-RPC method, where it is known. */
  readonly method?: string;
}

/** An error as a node puts it into its answer. */
export interface JsonRpcError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly data?: unknown;
}

/** What a transport of this package found; it is the `cause` of the `ProvenanceError` that it throws. */
export class NodeFault extends Error {
  readonly kind: NodeErrorKind;

  constructor(kind: NodeErrorKind, words: string) {
    super(words);
    this.name = "NodeFault";
    this.kind = kind;
  }
}

/**
 * Reads what a node said out of what a library made of it. ethers calls every error of `eth_call` a CALL_EXCEPTION, whether
 * a contract refused or the node did not want to; only what the node calls a revert is one.
 */
export function readNodeError(error: unknown): NodeError {
  const layers = layersOf(error);
  const method = layers.map(methodOf).find((name) => name !== undefined);
  const place = method === undefined ? {} : { method };
  const fault = layers.find((layer) => layer instanceof NodeFault);
  if (fault !== undefined) return { kind: fault.kind, words: fault.message, ...place };
  const [outer = {}] = layers;
  const undecodable = wordsOfUndecodable(outer);
  if (undecodable !== undefined) return { kind: "undecodable", words: undecodable, ...place };
  const own = layers.map(ownError).find((found) => found !== undefined);
  if (own !== undefined) return readJsonRpcError(own, method);
  const words = wordsOf(outer.shortMessage ?? outer.message ?? error);
  // ethers gives up the node's words for the bytes of a revert, and has only a receipt for one in a block.
  const data = readData(outer.data);
  const isRevert = outer.receipt?.status === 0 || (outer.code === "CALL_EXCEPTION" && typeof outer.data === "string");
  if (data !== undefined || isRevert) return { kind: "reverted", words, ...(data !== undefined && { data }), ...place };
  return { kind: kindOf(layers, words), words, ...place };
}

/**
 * Sorts an error that a node answered with.
 *
 * @param method - to which
 */
export function readJsonRpcError(error: JsonRpcError, method?: string): NodeError {
  const words = wordsOf(error.message ?? error.data ?? "an error without words");
  const code = Number(error.code);
  const place = method === undefined ? {} : { method };
  if (LIMIT_CODES.has(code)) return { kind: "limited", words, ...place };
  const data = PROTOCOL_CODES.has(code) ? undefined : readData(error);
  if (code === REVERT_CODE || data !== undefined || REVERT_WORDS.test(words)) {
    return { kind: "reverted", words, ...(data !== undefined && { data }), ...place };
  }
  const isLimit = LIMIT_WORDS.test(words) || (code === LIMIT_EXCEEDED && method !== "eth_getLogs");
  return { kind: isLimit ? "limited" : "refused", words, ...place };
}

/** Tells whether an error says that the limit is one that a minute's wait does not lift. */
export function isQuota({ message }: JsonRpcError): boolean {
  return QUOTA_WORDS.test(wordsOf(message));
}

/** The first line of a text, without the secrets of URLs, shortened. */
export function wordsOf(text: unknown): string {
  const whole = typeof text === "string" ? text : (JSON.stringify(text) ?? "nothing");
  const line = whole.split("\n")[0] as string;
  const words = hideUrls(line).trim().replace(/\.$/, "");
  return words.length <= MAX_WORDS ? words : `${words.slice(0, MAX_WORDS)}…`;
}

const MAX_WORDS = 300;

/** ethers names the function where it could not decode what a contract returned. */
function wordsOfUndecodable({ code, value, info, message }: Layer): string | undefined {
  if (code === "BAD_DATA" && typeof info?.signature === "string") {
    return wordsOf(`${JSON.stringify(value)} is no answer to ${info.signature}`);
  }
  return /^deferred error during ABI decoding/.test(String(message)) ? "its bytes cannot be decoded" : undefined;
}

/** An error of ethers, of Hardhat or of a wallet, and what it may carry. */
interface Layer extends JsonRpcError {
  readonly shortMessage?: unknown;
  readonly error?: unknown;
  readonly cause?: unknown;
  readonly receipt?: { readonly status?: unknown };
  readonly info?: {
    readonly error?: unknown;
    readonly payload?: { readonly method?: unknown };
    readonly responseBody?: unknown;
    readonly signature?: unknown;
    readonly responseStatus?: unknown;
  };
  readonly payload?: { readonly method?: unknown };
  readonly value?: unknown;
  readonly action?: unknown;
}

const MAX_DEPTH = 5;

function layersOf(error: unknown): Layer[] {
  const layers: Layer[] = [];
  for (let next = error; typeof next === "object" && next !== null && layers.length < MAX_DEPTH;) {
    layers.push(next);
    next = (next as Layer).cause;
  }
  return layers;
}

function methodOf({ info, payload, action }: Layer): string | undefined {
  const method = payload?.method ?? info?.payload?.method;
  if (typeof method === "string") return method;
  return action === "call" || action === "estimateGas" ? `eth_${action}` : undefined;
}

/** The error object of the node: within one of ethers, in the body of a refused request, or what Hardhat throws. */
function ownError(layer: Layer): JsonRpcError | undefined {
  const inner = layer.info?.error ?? layer.error ?? errorInBody(layer.info?.responseBody);
  if (typeof inner === "object" && inner !== null) return inner;
  return typeof layer.code === "number" ? layer : undefined;
}

function errorInBody(body: unknown): unknown {
  if (typeof body !== "string") return undefined;
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return error;
  } catch {
    return undefined;
  }
}

/** The bytes of a revert, wherever a node puts them: 0x-hex of a selector and whole words. */
function readData(value: unknown, depth = 0): Hex | undefined {
  if (typeof value === "string") {
    const hex = /^(?:Reverted )?(0x(?:[0-9a-f]{2})*)$/i.exec(value)?.[1];
    return hex !== undefined && hex.length >= 10 && (hex.length - 10) % 64 === 0 ? (hex as Hex) : undefined;
  }
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  const { data, error, originalError } = value as { data?: unknown; error?: unknown; originalError?: unknown };
  return readData(data, depth + 1) ?? readData(originalError, depth + 1) ?? readData(error, depth + 1);
}

/** What a failure without an answer is, by the codes of ethers and of the system. */
function kindOf(layers: readonly Layer[], words: string): NodeErrorKind {
  const codes = layers.map(({ code }) => String(code));
  const status = Number(layers.find(({ info }) => info?.responseStatus)?.info?.responseStatus);
  if (status === 429 || LIMIT_WORDS.test(words)) return "limited";
  if (codes.includes("TIMEOUT")) return "slow";
  if (codes.some((code) => /^(BAD_DATA|INVALID_ARGUMENT|BUFFER_OVERRUN|NUMERIC_FAULT|VALUE_MISMATCH)$/.test(code))) {
    return "unreadable";
  }
  const isSilent = codes.some((code) => /^(NETWORK_ERROR|CANCELLED|E[A-Z]{3,}|UND_ERR_\w+)$/.test(code));
  return isSilent || (status >= 300 && status < 400) || [401, 403, 404].includes(status) ? "silent" : "refused";
}

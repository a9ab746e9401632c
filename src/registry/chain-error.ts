import { type ErrorDescription, type Interface, isError } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { type NodeError, readNodeError } from "../base/node/node-error.ts";
import { FUNDS_WORDS, GAS_WORDS } from "../base/node/node-words.ts";
import { explainRevert } from "./explain-revert.ts";

/**
 * Turns whatever a node, a wallet or a revert threw into one error that says what to do. A contract has refused only where
 * the node itself says so; a transaction, where the node says that it cannot be paid. All else is "could not ask".
 *
 * @returns a ProvenanceError: the one given, else `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` or `CHAIN_UNREACHABLE`. Its words
 *   and its cause hold no secret of a URL
 */
export function toChainError(error: unknown, contractInterface: Interface): ProvenanceError {
  if (error instanceof ProvenanceError) return error;
  const node = readNodeError(error);
  const { kind, words } = node;
  const cause = { cause: withoutRequest(error, words) };
  if (kind === "reverted") {
    const revert = parseRevert(node, contractInterface);
    if (revert === undefined || (isReading(node) && BUILT_IN.has(revert.name))) {
      // Our contracts answer what they are asked, or refuse with an error of theirs.
      const text = `The contract refuses without a reason that can be read: ${words}`;
      return new ProvenanceError(isReading(node) ? "CHAIN_UNREACHABLE" : "TRANSACTION_REFUSED", text, cause);
    }
    const values = revert.args.map(describe).join(", ");
    const code = revert.name === "ERC721NonexistentToken" ? "TOKEN_UNKNOWN" : "TRANSACTION_REFUSED";
    const text = `The contract refuses: ${explainRevert(revert)} [${revert.name}(${values})]`;
    return new ProvenanceError(code, text, cause);
  }
  if (isAboutSending(node)) {
    if (isError(error, "INSUFFICIENT_FUNDS") || FUNDS_WORDS.test(words)) {
      return new ProvenanceError("TRANSACTION_REFUSED", `The account cannot pay for the transaction: ${words}`, cause);
    }
    if (GAS_WORDS.test(words)) {
      const text = `It takes more gas than one transaction may use, or than the node allows: ${words}`;
      return new ProvenanceError("TRANSACTION_REFUSED", text, cause);
    }
  }
  return new ProvenanceError("CHAIN_UNREACHABLE", `${OPENINGS[kind]}: ${words}. Try again, or another RPC URL.`, cause);
}

const OPENINGS: Readonly<Record<NodeError["kind"], string>> = {
  reverted: "The contract refuses",
  limited: "The node takes no more requests for now",
  refused: "The node did not do what was asked",
  undecodable: "The node's answer cannot be read",
  unreadable: "The node answered something else than what was asked for",
  oversized: "The node's answer is too long to be read",
  slow: "The node did not answer in time",
  silent: "The node does not answer",
};

/** Reads the custom error of a revert; undefined where the failure is none or not one of this contract's. */
export function decodeRevert(error: unknown, contractInterface: Interface): ErrorDescription | undefined {
  return parseRevert(readNodeError(error), contractInterface);
}

function parseRevert({ data }: NodeError, contractInterface: Interface): ErrorDescription | undefined {
  if (data === undefined) return undefined;
  try {
    return contractInterface.parseError(data) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Tells whether a node refused a transaction for the gas it would take, in the words of the common nodes. */
export function isOutOfGas(error: unknown): boolean {
  const node = readNodeError(error);
  return node.kind !== "reverted" && isAboutSending(node) && GAS_WORDS.test(node.words);
}

/** Whether an error may be of a transaction that is estimated or sent: what says no more is taken for one. */
function isAboutSending({ kind, method }: NodeError): boolean {
  return kind === "refused" && (method === undefined || SENDING.test(method));
}

const SENDING = /^eth_(estimateGas|send)/;

// Of Solidity: `require` with a text, and what the compiler checks.
const BUILT_IN: ReadonlySet<string> = new Set(["Error", "Panic"]);

function isReading({ method }: NodeError): boolean {
  return method !== undefined && !SENDING.test(method);
}

/** An error of a request over HTTP holds the whole request, and its URL; what a node answered holds none. */
function withoutRequest(error: unknown, words: string): unknown {
  const { request, info } = (error ?? {}) as { request?: unknown; info?: { requestUrl?: unknown } };
  if (request === undefined && info?.requestUrl === undefined) return error;
  return Object.assign(new Error(words), { code: (error as { code?: unknown }).code });
}

/** Digests and token ids as they are written elsewhere; small numbers as numbers. */
function describe(value: unknown): string {
  return typeof value === "bigint" && value >= 1n << 64n ? toHex32(value) : String(value);
}

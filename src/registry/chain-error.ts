import { type ErrorDescription, type Interface, isError } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { explainRevert } from "./explain-revert.ts";

/**
 * Turns whatever a node, a wallet or a revert threw into one error that says what to do.
 * URLs are left out of the message, for they carry keys.
 *
 * @returns a ProvenanceError: the one given, else `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED`, `REGISTRY_NOT_FOUND` or
 *   `CHAIN_UNREACHABLE`
 */
export function toChainError(error: unknown, contractInterface: Interface): ProvenanceError {
  if (error instanceof ProvenanceError) return error;
  const cause = { cause: error };
  const revert = decodeRevert(error, contractInterface);
  if (revert !== undefined) {
    const values = revert.args.map(describe).join(", ");
    const code = revert.name === "ERC721NonexistentToken" ? "TOKEN_UNKNOWN" : "TRANSACTION_REFUSED";
    return new ProvenanceError(
      code,
      `The contract refuses: ${explainRevert(revert)} [${revert.name}(${values})]`,
      cause,
    );
  }
  const message = messageOf(error);
  if (isError(error, "INSUFFICIENT_FUNDS") || /enough funds|insufficient funds/i.test(message)) {
    return new ProvenanceError("TRANSACTION_REFUSED", `The account cannot pay for the transaction: ${message}`, cause);
  }
  if (isOutOfGas(error)) {
    const text = `It takes more gas than one transaction may use, or than the node allows: ${message}`;
    return new ProvenanceError("TRANSACTION_REFUSED", text, cause);
  }
  if (isError(error, "CALL_EXCEPTION") || revertData(error) !== undefined) {
    return new ProvenanceError(
      "TRANSACTION_REFUSED",
      `The contract refuses without a reason that can be read: ${message}`,
      cause,
    );
  }
  if (isError(error, "BAD_DATA")) {
    return new ProvenanceError(
      "REGISTRY_NOT_FOUND",
      "The contract at this address is no ModelProvenanceNFT: its answer cannot be read.",
      cause,
    );
  }
  return new ProvenanceError(
    "CHAIN_UNREACHABLE",
    `The node did not do what was asked: ${message}. Try again, or another RPC URL.`,
    cause,
  );
}

/** Reads the custom error of a revert; undefined where the failure is none or not one of this contract's. */
export function decodeRevert(error: unknown, contractInterface: Interface): ErrorDescription | undefined {
  const data = revertData(error);
  if (data === undefined) return undefined;
  try {
    return contractInterface.parseError(data) ?? undefined;
  } catch {
    return undefined;
  }
}

// Hardhat puts the bytes at .data, ethers over JSON-RPC in one of the other places.
function revertData(error: unknown): string | undefined {
  type Carrier = { data?: unknown; error?: Carrier; info?: { error?: Carrier }; cause?: unknown };
  const carrier = (error ?? {}) as Carrier;
  const candidates = [
    carrier.data,
    carrier.error?.data,
    carrier.info?.error?.data,
    (carrier.cause as Carrier | undefined)?.data,
  ];
  for (const candidate of candidates) {
    const data = typeof candidate === "object" ? (candidate as Carrier | null)?.data : candidate;
    if (typeof data === "string" && /^0x[0-9a-f]{8,}$/i.test(data)) return data;
  }
  return undefined;
}

/** Tells whether a node ran a call and the contract could not answer it: what is there is another contract. */
export function isCallFailure(error: unknown): boolean {
  return /revert|function selector|BAD_DATA|could not decode/i.test((error as Error).message);
}

/** Tells whether a node refused a transaction for the gas it would take, in the words of the common nodes. */
export function isOutOfGas(error: unknown): boolean {
  const { message, error: inner, info } = (error ?? {}) as NodeError;
  const texts = [message, inner?.message, info?.error?.message].join("\n");
  return /out of gas|gas required exceeds|gas limit|gas cap|intrinsic gas|gas too high|exceeds .*gas/i.test(texts);
}

interface NodeError {
  message?: string;
  error?: { message?: string };
  info?: { error?: { message?: string } };
}

/** Digests and token ids as they are written elsewhere; small numbers as numbers. */
function describe(value: unknown): string {
  return typeof value === "bigint" && value >= 1n << 64n ? toHex32(value) : String(value);
}

function messageOf(error: unknown): string {
  const { shortMessage, message, error: inner, info } = error as NodeError & { shortMessage?: string };
  // Where ethers has no name for what a node or a wallet says, it says only that it has none.
  const own = isError(error, "UNKNOWN_ERROR") ? (inner?.message ?? info?.error?.message) : undefined;
  const text = own ?? shortMessage ?? message ?? String(error);
  return (text.split("\n")[0] as string)
    .replaceAll(/\b(https?|wss?):\/\/([^/\s"']+)\S*/g, "$1://$2/…")
    .replaceAll(/:\/\/[^@/\s]*@/g, "://…@");
}

import { readFile } from "node:fs/promises";
import { type TypedDataDomain, TypedDataEncoder, concat, getAddress, isAddress, recoverAddress } from "ethers";
import { writeFileAtomically } from "../base/atomic-write.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { isRecord } from "../base/is-record.ts";

/** What an owner of a Safe signs, for the Safe to have signed a hash. @see CompatibilityFallbackHandler */
export const SAFE_MESSAGE = { SafeMessage: [{ name: "message", type: "bytes" }] };

/** Signatures of one hash, by the account that made each, with EIP-55 checksum. */
export type OwnerSignatures = ReadonlyMap<string, string>;

/** Whose signatures are collected, of what, and where. */
export interface Collection {
  /** The domain of the contract account. */
  readonly domain: TypedDataDomain;
  /** What the account is to sign. */
  readonly hash: Hex;
  /** Undefined: they are not kept. */
  readonly path: string | undefined;
}

/** Puts signatures in the order in which a Safe reads them: of their owners' addresses. */
export function joinSignatures(signatures: OwnerSignatures): string {
  const order = (owner: string) => BigInt(owner);
  const sorted = [...signatures].toSorted(([a], [b]) => (order(a) < order(b) ? -1 : 1));
  return concat(sorted.map(([, signature]) => signature));
}

/**
 * Reads what was collected of a hash so far: none where the file is not there yet.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a file of something else, or a signature that is not of who it is said to be of
 */
export async function readSignatures({ domain, hash, path }: Collection): Promise<OwnerSignatures> {
  const all = await readAll(path);
  const signed = TypedDataEncoder.hash(domain, SAFE_MESSAGE, { message: hash });
  const of = all[hash];
  return new Map(
    (isRecord(of) ? Object.entries(of) : []).map(([owner, signature]) => {
      const account = isAddress(owner) ? getAddress(owner) : owner;
      if (typeof signature === "string" && recoverer(signed, signature) === account) return [account, signature];
      throw wrong(path, `the signature of ${account.slice(0, 42)} in it is not of that account, or of something else`);
    }),
  );
}

/** Adds the signatures of a hash to their file. @throws {ProvenanceError} `OPTION_INVALID` where it cannot be written */
export async function writeSignatures({ hash, path }: Collection, signatures: OwnerSignatures): Promise<void> {
  if (path === undefined) return;
  const all = { ...(await readAll(path)), [hash]: Object.fromEntries(signatures) };
  const text = `${JSON.stringify({ schemaVersion: "1.0", signatures: all }, null, 2)}\n`;
  await writeFileAtomically(path, text).catch((cause: NodeJS.ErrnoException) => {
    throw wrong(path, `it cannot be written (${cause.code})`, cause);
  });
}

async function readAll(path: string | undefined): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw wrong(path, `it cannot be read (${cause.code})`, cause);
  });
  if (text === undefined) return {};
  const content = parse(text);
  if (isRecord(content) && isRecord(content["signatures"])) return content["signatures"];
  throw wrong(path, "it holds no signatures of owners");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recoverer(hash: string, signature: string): string | undefined {
  try {
    return recoverAddress(hash, signature);
  } catch {
    return undefined;
  }
}

function wrong(path: string | undefined, why: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", `OWNER_SIGNATURES ${path}: ${why}.`, { cause });
}

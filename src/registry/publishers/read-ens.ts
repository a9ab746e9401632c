import { type BytesLike, Interface, type Provider, dnsEncode, ensNormalize, getBytes } from "ethers";
import { readNodeError } from "../../base/node/node-error.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { lenientInterface } from "../lenient-interface.ts";
import { toChainError } from "../chain-error.ts";
import type { EnsReader } from "./publisher-sources.ts";

/** The resolver of all names, on mainnet and Sepolia. @see https://docs.ens.domains/resolvers/universal */
export const ENS_UNIVERSAL_RESOLVER = "0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe";

const UNIVERSAL = new Interface([
  "function requireResolver(bytes name) view returns ((bytes name, uint256 offset, bytes32 node, address resolver, bool extended))",
  "error ResolverNotFound(bytes name)",
  "error ResolverNotContract(bytes name, address resolver)",
]);
const RESOLVER = lenientInterface([
  "function name(bytes32 node) view returns (string)",
  "function addr(bytes32 node) view returns (address)",
  "function resolve(bytes name, bytes data) view returns (bytes)",
]);
const MAX_NAME = 255;

/** What the universal resolver says of a name. */
interface Resolver {
  readonly name: Uint8Array;
  readonly node: string;
  readonly address: string;
  readonly extended: boolean;
}

/**
 * Makes a reader of ENS that asks a node of its chain and nobody else: the reverse record, and whether the name leads back.
 * Names that are answered outside the chain (CCIP-Read) could not be asked.
 *
 * @param now - milliseconds since 1970
 * @throws {ProvenanceError} (the reader) `CHAIN_UNREACHABLE`
 */
export function createEnsReader(
  provider: Provider,
  universalResolver = ENS_UNIVERSAL_RESOLVER,
  now: () => number = Date.now,
): EnsReader {
  const ask = async (name: string, question: "name" | "addr"): Promise<string | undefined> => {
    const resolver = await findResolver(provider, universalResolver, name);
    return resolver && askResolver(provider, resolver, question);
  };
  return async (account) => {
    const name = await ask(`${account.slice(2).toLowerCase()}.addr.reverse`, "name");
    if (name === undefined || name === "" || name.length > MAX_NAME) return undefined;
    // One that is not written as it should be may look like another (ENSIP-15).
    const leadsBack = isNormal(name) && (await ask(name, "addr"))?.toLowerCase() === account.toLowerCase();
    return { name, leadsBack, time: Math.floor(now() / 1000) };
  };
}

/** @returns undefined where the name has no resolver */
async function findResolver(provider: Provider, to: string, name: string): Promise<Resolver | undefined> {
  const data = UNIVERSAL.encodeFunctionData("requireResolver", [dnsEncode(name, MAX_NAME)]);
  try {
    const [found] = UNIVERSAL.decodeFunctionResult("requireResolver", await provider.call({ to, data }));
    const [encoded, , node, address, extended] = found as [string, bigint, string, string, boolean];
    return { name: getBytes(encoded), node, address, extended };
  } catch (error) {
    const reverted = readNodeError(error);
    const isKnown = reverted.data !== undefined && UNIVERSAL.parseError(reverted.data) !== null;
    if (reverted.kind === "reverted" && isKnown) return undefined;
    throw unreachable(error);
  }
}

/** @returns undefined where the resolver has no such record */
async function askResolver(
  provider: Provider,
  { name, node, address: to, extended }: Resolver,
  question: "name" | "addr",
): Promise<string | undefined> {
  const inner = RESOLVER.encodeFunctionData(question, [node]);
  const data = extended ? RESOLVER.encodeFunctionData("resolve", [name, inner]) : inner;
  try {
    const answer: BytesLike = await provider.call({ to, data });
    const bytes = extended ? (RESOLVER.decodeFunctionResult("resolve", answer)[0] as string) : answer;
    return bytes === "0x" ? undefined : String(RESOLVER.decodeFunctionResult(question, bytes)[0]);
  } catch (error) {
    const { kind, data: reason = "0x" } = readNodeError(error);
    if (kind === "reverted" && !reason.startsWith(OFFCHAIN_LOOKUP)) return undefined;
    throw unreachable(error);
  }
}

// OffchainLookup(address,string[],bytes,bytes4,bytes) of ERC-3668.
const OFFCHAIN_LOOKUP = "0x556f1830";

function unreachable(cause: unknown): ProvenanceError {
  const { data = "" } = readNodeError(cause);
  if (data.startsWith(OFFCHAIN_LOOKUP)) {
    return new ProvenanceError("CHAIN_UNREACHABLE", "The name is answered outside the chain, where nobody is asked.", {
      cause,
    });
  }
  return toChainError(cause, UNIVERSAL);
}

function isNormal(name: string): boolean {
  try {
    return ensNormalize(name) === name;
  } catch {
    return false;
  }
}

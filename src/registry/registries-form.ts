import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import type { Hex } from "../base/hex.ts";
import { parseYaml } from "../base/yaml-document.ts";
import { LOCAL_CHAIN_ID } from "./development-chain.ts";
import { NETWORKS, findNetwork } from "./networks.ts";
import { addressBookSchema, toAddressBook } from "./publishers/address-book.ts";
import type { AddressBook } from "./publishers/publisher-sources.ts";

/** A registry that a verifier trusts, and how to reach its chain. */
export interface ConfiguredRegistry {
  /** What people call it; else that of its chain. */
  readonly name: string;
  readonly chainId: bigint;
  /** With EIP-55 checksum. */
  readonly address: string;
  /** URL of a JSON-RPC node, or the environment variable that holds it. */
  readonly rpc: { readonly url: string } | { readonly variable: string };
  /** The block of its deployment. */
  readonly startBlock?: number;
  /** URL of an indexer that the file names: it says where to look, and is never believed. */
  readonly indexer?: string;
  /** Keccak-256 of its code, where that is not the code of this version and is trusted all the same. */
  readonly codeHash?: Hex;
  /** Address of the market of licences that is used with it. */
  readonly market?: string;
}

/** What a verifier wrote down: the registries to trust, and names of accounts. */
export interface RegistriesFile {
  readonly registries: readonly ConfiguredRegistry[];
  readonly publishers: AddressBook;
}

const address = z
  .string("must be an address in quotes")
  .refine((text) => /^0x/.test(text) && isAddress(text), "must be 0x and 40 hex digits, with a right checksum if any")
  .transform((text) => getAddress(text));
const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "must be the name of an environment variable");
const httpUrl = z.string().refine((text) => URL.canParse(text) && /^https?:/.test(text), "must be a URL, https://…");

const entrySchema = z
  .strictObject({
    name: z.string().min(1).max(100).optional(),
    chain: z.union([z.string(), z.int()], "must be a chain's name or number").optional(),
    chainId: z.int().positive().optional(),
    address,
    rpcUrl: httpUrl.optional(),
    rpcUrlVariable: variable.optional(),
    startBlock: z.int().nonnegative().optional(),
    codeHash: z
      .string()
      .regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case hex digits")
      .optional(),
    market: address.optional(),
  })
  .transform((entry, context): ConfiguredRegistry => {
    const { name, address, rpcUrl, rpcUrlVariable, startBlock, codeHash, market } = entry;
    const named = entry.chain === undefined ? undefined : readChain(entry.chain);
    const known = findChain(named ?? BigInt(entry.chainId ?? 0));
    const chainId = entry.chainId === undefined ? (known?.chainId ?? toChainId(named)) : BigInt(entry.chainId);
    const fail = (path: string, message: string) => {
      context.addIssue({ code: "custom", path: [path], message });
      return z.NEVER;
    };
    if (chainId === undefined) return fail("chain", `must be one of ${chainNames()}; any other needs chainId`);
    if (known !== undefined && known.chainId !== chainId)
      return fail("chainId", `must be ${known.chainId} for ${known.name}`);
    const source = rpcUrlVariable ?? (known && `${known.prefix}_RPC_URL`);
    const rpc = rpcUrl === undefined ? source && { variable: source } : { url: rpcUrl };
    if (!rpc) return fail("rpcUrlVariable", "must name the variable with the URL of a node of this chain");
    if (rpcUrl !== undefined && rpcUrlVariable !== undefined)
      return fail("rpcUrl", "stands beside rpcUrlVariable: give one");
    return {
      name: name ?? known?.name ?? `chain ${chainId}`,
      chainId,
      address,
      rpc,
      ...(startBlock !== undefined && { startBlock }),
      ...(codeHash !== undefined && { codeHash: codeHash as Hex }),
      ...(market !== undefined && { market }),
    };
  });

/** The form of a registries file. */
export const registriesSchema = z.strictObject({
  schemaVersion: z.union([z.literal("1.0"), z.literal(1)], 'must be "1.0"'),
  publishers: addressBookSchema.optional(),
  indexer: httpUrl.optional(),
  registries: z
    .array(entrySchema)
    .min(1, "must name at least one registry")
    .max(100)
    .superRefine((entries, context) => {
      const seen = new Set<string>();
      entries.forEach(({ chainId, address }, i) => {
        if (seen.has(`${chainId}:${address}`)) {
          context.addIssue({ code: "custom", path: [i, "address"], message: "is named twice on this chain" });
        }
        seen.add(`${chainId}:${address}`);
      });
    }),
});

/**
 * Parses the bytes of a registries file: the registries that a verifier trusts, and what it calls accounts.
 *
 * @param name - of the file, as messages begin
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export function parseRegistries(bytes: Uint8Array, name: string): RegistriesFile {
  return toRegistries(parseYaml(bytes, registriesSchema, name));
}

/** As {@link parseRegistries}, of what was parsed. */
export function toRegistries({
  registries,
  indexer,
  publishers = {},
}: z.infer<typeof registriesSchema>): RegistriesFile {
  const entries = indexer === undefined ? registries : registries.map((entry) => ({ ...entry, indexer }));
  return { registries: entries, publishers: toAddressBook(publishers) };
}

/** The JSON Schema (draft 2020-12) of a registries file, for editors. */
export function registriesJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(registriesSchema, { io: "input" });
}

function readChain(chain: string | number): string | bigint {
  return typeof chain === "number" ? BigInt(chain) : chain;
}

/** A chain of the table. A node of this machine is taken for the chain that such nodes start. */
function findChain(chain: string | bigint) {
  const network = findNetwork(chain === LOCAL_CHAIN_ID ? "localhost" : chain);
  return network && { ...network, chainId: network.chainId ?? LOCAL_CHAIN_ID };
}

function toChainId(chain: string | bigint | undefined): bigint | undefined {
  return typeof chain === "bigint" && chain > 0n ? chain : undefined;
}

function chainNames(): string {
  return NETWORKS.map(({ name }) => name).join(", ");
}

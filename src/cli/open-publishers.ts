import { ProvenanceError } from "../base/errors.ts";
import { connectNode } from "../base/node/json-rpc-node.ts";
import type { BlockSource } from "../content/content-store.ts";
import { createDidFetcher } from "../registry/publishers/fetch-did-document.ts";
import {
  type AddressBook,
  type PublisherSources,
  rememberDocuments,
} from "../registry/publishers/publisher-sources.ts";
import { createEnsReader } from "../registry/publishers/read-ens.ts";
import { readNamedStatements } from "../registry/publishers/statement-file.ts";
import type { Registry } from "../registry/registry.ts";
import type { NAMING_OPTIONS } from "./option-sets.ts";
import type { OptionValues } from "./options.ts";

const MAINNET = 1n;

/**
 * Opens all that is asked who is behind an account, for one verdict: web sites, ENS where a node of mainnet is named or asked
 * anyway, statements that were named. Offline nobody is asked.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a statement that cannot be read or is none, `CHAIN_MISMATCH` for a node of
 *   another chain
 */
export async function openPublishers(
  options: OptionValues<(typeof NAMING_OPTIONS)[number] | "offline" | "rpcTimeout">,
  known: { readonly book?: AddressBook; readonly store?: BlockSource; readonly registries?: readonly Registry[] },
): Promise<PublisherSources> {
  const { publisherStatements = [], didOrigin, offline } = options;
  const statements = await readNamedStatements(publisherStatements, known.store);
  const own = { ...(known.book && { book: known.book }), ...(statements.length > 0 && { statements }) };
  if (offline) return own;
  const fetchDid = rememberDocuments(createDidFetcher(didOrigin === undefined ? {} : { privateOrigin: didOrigin }));
  const mainnet = known.registries?.find(({ chainId }) => chainId === MAINNET)?.provider;
  const readEns = options.ensRpcUrl === undefined ? mainnet && createEnsReader(mainnet) : openEns(options);
  return { ...own, fetchDid, ...(readEns && { readEns }) };
}

/** The node is connected to when it is first asked: one that does not answer is no reason for no verdict. */
function openEns({
  ensRpcUrl = "",
  rpcTimeout,
}: OptionValues<"ensRpcUrl" | "rpcTimeout">): PublisherSources["readEns"] {
  const limits = rpcTimeout === undefined ? {} : { timeout: rpcTimeout * 1000 };
  let opened: Promise<NonNullable<PublisherSources["readEns"]>> | undefined;
  const open = async () => {
    const { provider, chainId } = await connectNode(ensRpcUrl, limits);
    if (chainId === MAINNET) return createEnsReader(provider);
    throw new ProvenanceError(
      "CHAIN_MISMATCH",
      `ENS_RPC_URL is a node of chain ${chainId}, not of Ethereum mainnet (1).`,
    );
  };
  return async (account) => {
    opened ??= open();
    return (await opened)(account);
  };
}

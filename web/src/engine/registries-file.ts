import { findNetwork, joinAddressBooks, parseRegistries } from "model-provenance-nft/core";
import type { NamedAccount } from "../state/own-rules.ts";
import type { ConfiguredRegistry } from "../state/registry-setting.ts";

/** What a registries file names, as far as a browser can ask it. */
export interface ReadRegistries {
  readonly registries: readonly ConfiguredRegistry[];
  /** Names of those whose node is in a variable of the environment, and of no chain with a node that anybody may ask. */
  readonly withoutNode: readonly string[];
  readonly indexer?: string;
  /** Names of accounts: those that are known already, and those of the file. */
  readonly publishers: readonly NamedAccount[];
}

/**
 * Reads a registries file as the command does. A node that stands in a variable of the environment is not known here: the
 * public one of its chain is taken.
 *
 * @param known - names of accounts that the reader gave before
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault, and where it calls an account that is named already
 *   by another name
 */
export async function readRegistriesFile(file: File, known: readonly NamedAccount[]): Promise<ReadRegistries> {
  const { registries, publishers } = parseRegistries(new Uint8Array(await file.arrayBuffer()), file.name);
  const found = registries.map(({ name, chainId, address, rpc, startBlock, codeHash, market }): ConfiguredRegistry => {
    const network = findNetwork(chainId);
    const rpcUrl = "url" in rpc ? rpc.url : (network?.rpcUrl ?? network?.publicRpcUrl ?? "");
    return {
      name,
      chainId: chainId.toString(),
      address,
      rpcUrl,
      source: "you",
      ...(startBlock !== undefined && { startBlock }),
      ...(codeHash !== undefined && { codeHash }),
      ...(market !== undefined && { market }),
    };
  });
  const indexer = registries.find((one) => one.indexer !== undefined)?.indexer;
  return {
    registries: found.filter(({ rpcUrl }) => rpcUrl !== ""),
    withoutNode: found.filter(({ rpcUrl }) => rpcUrl === "").map(({ name }) => name),
    publishers: [...joinAddressBooks([new Map(known), publishers])],
    ...(indexer !== undefined && { indexer }),
  };
}

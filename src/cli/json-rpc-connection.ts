import { ProvenanceError } from "../base/errors.ts";
import { connectNode } from "../base/node/json-rpc-node.ts";
import { findNetwork } from "../registry/networks.ts";
import type { ChainConnection } from "./chain-connection.ts";
import { findDeploymentsFolder } from "./deployments-folder.ts";
import { type OptionValues, required, settingsOf } from "./options.ts";

/**
 * Connects to a JSON-RPC node; there is no account to sign with.
 *
 * @throws {ProvenanceError} `OPTION_MISSING` without a URL, `CHAIN_MISMATCH`, `CHAIN_UNREACHABLE`
 */
export async function connectJsonRpc(
  options: OptionValues<"rpcUrl" | "chainId" | "rpcTimeout">,
): Promise<ChainConnection> {
  const { rpcTimeout } = options;
  const limits = rpcTimeout === undefined ? {} : { timeout: rpcTimeout * 1000 };
  const { provider, chainId } = await connectNode(required(options, "rpcUrl"), limits);
  const expected = options.chainId;
  if (expected !== undefined && expected !== chainId) {
    const text = `The node is of chain ${chainId}, not of chain ${expected}. Check RPC_URL and CHAIN_ID.`;
    throw new ProvenanceError("CHAIN_MISMATCH", text);
  }
  return {
    networkName: findNetwork(chainId)?.name ?? `chain ${chainId}`,
    chainId,
    provider,
    deploymentsFolder: await findDeploymentsFolder(chainId, settingsOf(options).variables),
  };
}

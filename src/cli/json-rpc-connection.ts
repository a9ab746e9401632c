import { FetchRequest, JsonRpcProvider } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import type { ChainConnection } from "./chain-connection.ts";
import { findDeploymentsFolder } from "./deployments-folder.ts";
import { requestUrl } from "./json-rpc-transport.ts";
import { type OptionValues, required } from "./options.ts";

const REQUEST_TIMEOUT_SECONDS = 30;

/**
 * Connects to a JSON-RPC node; there is no account to sign with.
 *
 * @throws {ProvenanceError} `OPTION_MISSING` without a URL, `CHAIN_MISMATCH`, `CHAIN_UNREACHABLE`
 */
export async function connectJsonRpc(
  options: OptionValues<"rpcUrl" | "chainId" | "rpcTimeout">,
): Promise<ChainConnection> {
  const request = new FetchRequest(required(options, "rpcUrl"));
  request.getUrlFunc = requestUrl;
  request.timeout = (options.rpcTimeout ?? REQUEST_TIMEOUT_SECONDS) * 1000;
  const chainId = await readChainId(request);
  const expected = options.chainId;
  if (expected !== undefined && expected !== chainId) {
    const text = `The node is of chain ${chainId}, not of chain ${expected}. Check RPC_URL and CHAIN_ID.`;
    throw new ProvenanceError("CHAIN_MISMATCH", text);
  }
  return {
    networkName: `chain ${chainId}`,
    chainId,
    // Public nodes allow only few calls in one request, and do not agree on how many.
    // Answers are not kept: a nonce or a receipt may be another one a moment later.
    provider: new JsonRpcProvider(request, chainId, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 }),
    deploymentsFolder: await findDeploymentsFolder(chainId),
  };
}

// Asked by hand, once: the provider would go on asking a node that does not answer.
async function readChainId(request: FetchRequest): Promise<bigint> {
  const ask = request.clone();
  ask.body = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  try {
    const { result } = (await ask.send()).bodyJson as { result: string };
    return BigInt(result);
  } catch (cause) {
    const host = new URL(request.url).host; // the rest of a URL may be a key
    const reason = ((cause as { shortMessage?: string }).shortMessage ?? (cause as Error).message).split("\n")[0];
    const text = `The node at ${host} does not answer as a JSON-RPC node (${reason}). Check RPC_URL, or try again.`;
    throw new ProvenanceError("CHAIN_UNREACHABLE", text, { cause });
  }
}

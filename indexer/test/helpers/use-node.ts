import { type JsonRpcProvider } from "ethers";
import { deployToNode } from "../../../test/helpers/deploy-to-node.ts";
import { startChain } from "../../../test/helpers/json-rpc-server.ts";
import { nodeAt } from "../../../test/helpers/node-at.ts";

/** A development node with a registry, which is as new for each test of the suite. */
export function useNode() {
  let chain: Awaited<ReturnType<typeof startChain>>;
  let provider: JsonRpcProvider;
  let address: string;
  let snapshot: string;
  const takeSnapshot = async () => (snapshot = (await provider.send("evm_snapshot", [])) as string);
  const revert = async () => {
    await provider.send("evm_revert", [snapshot]);
    await takeSnapshot();
  };

  before(async function () {
    chain = await startChain(1337);
    provider = nodeAt(chain.url);
    address = await deployToNode(chain.url);
    await takeSnapshot();
  });

  after(async function () {
    provider?.destroy();
    await chain?.close();
  });

  beforeEach(revert);

  return {
    provider: () => provider,
    address: () => address,
    revert,
    /** The node shares a process with the test, and the machine with workers: it may be slow. */
    environment: () => ({ RPC_URL: chain.url, MODEL_PROVENANCE_ADDRESS: address, RPC_TIMEOUT: "600" }),
  };
}

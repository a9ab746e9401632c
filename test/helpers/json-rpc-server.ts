import hre from "hardhat";

/** Starts a development chain with a JSON-RPC server on a free port of this machine. Close it in `after`. */
export async function startChain(chainId: number): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await hre.network.createServer({ network: "default", override: { chainId } }, "127.0.0.1", 0);
  const { address, port } = await server.listen();
  return { url: `http://${address}:${port}`, close: async () => server.close() };
}

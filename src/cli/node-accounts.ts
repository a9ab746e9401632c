import { JsonRpcProvider } from "ethers";
import { ProvenanceError } from "../errors.ts";
import type { ChainConnection } from "./chain-connection.ts";

/** Signs with the accounts that a node holds itself, as development nodes and some wallets do. */
export function withNodeAccounts(connection: ChainConnection): ChainConnection {
  const { provider, networkName } = connection;
  if (!(provider instanceof JsonRpcProvider) || connection.getSigner !== undefined) return connection;
  return {
    ...connection,
    getSigner: async (address) => {
      try {
        return await provider.getSigner(address ?? 0);
      } catch (cause) {
        const wanted = address === undefined ? "no account" : `no account ${address}`;
        const text = `The node of ${networkName} offers ${wanted} to sign with. Use scripts/import.ts with a network that has a key.`;
        throw new ProvenanceError("SIGNER_MISSING", text, { cause });
      }
    },
  };
}

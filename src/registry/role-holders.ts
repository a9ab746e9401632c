import { toChainError } from "./chain-error.ts";
import { readLogs } from "./read-events.ts";
import type { Registry } from "./registry.ts";
import { type Role, roleOfId } from "./roles.ts";

/** An account that has a role now. */
export interface RoleHolder {
  /** Its name, or for a role that this package does not know its id, 0x-hex of 32 bytes. */
  readonly role: Role | (string & {});
  readonly account: string;
  /** The account that gave it; the deployer for those that the constructor gave. */
  readonly grantedBy: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/**
 * Lists who has which role. The contract keeps no list, so the events are read, in ranges that the node allows; and each
 * account that they name is asked for, so that nobody is listed who has no role any more.
 *
 * @param fromBlock - at or before the deployment; the registry's first known block, else 0, when left out
 * @returns in the order in which the roles were given
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function listRoleHolders(registry: Registry, fromBlock?: number): Promise<RoleHolder[]> {
  const { contract } = registry;
  const { interface: contractInterface } = contract;
  const kinds = [
    contractInterface.getEvent("RoleGranted").topicHash,
    contractInterface.getEvent("RoleRevoked").topicHash,
  ];
  const holders = new Map<string, RoleHolder & { readonly roleId: string }>();
  for await (const { items } of readLogs(registry, [kinds], fromBlock === undefined ? {} : { fromBlock })) {
    for (const { name, args, blockNumber, transactionHash } of items) {
      const [roleId, account, grantedBy] = args as unknown as [string, string, string];
      const key = `${roleId} ${account}`;
      holders.delete(key);
      const role = roleOfId(roleId) ?? roleId;
      if (name === "RoleGranted") holders.set(key, { roleId, role, account, grantedBy, blockNumber, transactionHash });
    }
  }
  try {
    const asked = [...holders.values()].map(async ({ roleId, ...holder }) => {
      return (await contract.hasRole(roleId, holder.account)) ? [holder] : [];
    });
    return (await Promise.all(asked)).flat();
  } catch (error) {
    throw toChainError(error, contractInterface);
  }
}

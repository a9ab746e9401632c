import { ZeroAddress, ZeroHash, id } from "ethers";
import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** The roles of a registry; there is one admin at most. */
export const ROLES = ["admin", "minter", "curator"] as const;
/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];
/** A role that is given and taken in one step. */
export type GrantedRole = Exclude<Role, "admin">;

/** The id of each role, 0x-hex of 32 bytes. */
export const ROLE_IDS: Record<Role, string> = {
  admin: ZeroHash,
  minter: id("MINTER_ROLE"),
  curator: id("CURATOR_ROLE"),
};

/** Who administers a registry, and who will. */
export interface Administration {
  /** Undefined where it was renounced. */
  readonly admin?: string;
  /** Whom the admin named as the next one; it may accept after this Unix time in seconds. */
  readonly pending?: { readonly account: string; readonly acceptableAfter: number };
  /** Seconds between naming the next admin and its acceptance. */
  readonly delay: number;
}

/** Tells whether an account has a role. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function hasRole({ contract }: Registry, role: Role, account: string): Promise<boolean> {
  return contract.hasRole(ROLE_IDS[role], account).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

/** Reads who administers a registry. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readAdministration({ contract }: Registry): Promise<Administration> {
  try {
    const [admin, [account, schedule], delay] = await Promise.all([
      contract.defaultAdmin(),
      contract.pendingDefaultAdmin(),
      contract.defaultAdminDelay(),
    ]);
    return {
      ...(admin !== ZeroAddress && { admin }),
      ...(account !== ZeroAddress && { pending: { account, acceptableAfter: Number(schedule) } }),
      delay: Number(delay),
    };
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/** The name of a role by its id; undefined for one that this package does not know. */
export function roleOfId(roleId: string): Role | undefined {
  return ROLES.find((role) => ROLE_IDS[role] === roleId);
}

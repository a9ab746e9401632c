import type { RegistryChange } from "../../engine/send.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.administration;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const CHILD = /^(?:(eip155:\d+:0x[0-9a-fA-F]{40})\/)?(0x[0-9a-f]{64})$/i;
const MAX_REASON_BYTES = 256;

/** What can be changed. */
export type ChangeForm = keyof typeof TEXT.changes;

/** One field of a change. */
export interface ChangeField {
  readonly name: keyof typeof TEXT.fields;
  readonly kind: "text" | "status" | "date";
}

interface ChangeKind {
  readonly fields: readonly ChangeField[];
  /** Reads what was typed; a sentence where it is wrong. @param registry - CAIP-10 */
  readonly read: (
    tokenId: bigint,
    values: Readonly<Record<string, string>>,
    registry: string,
  ) => RegistryChange | string;
}

/** All changes, each with its fields. */
export const CHANGES: Readonly<Record<ChangeForm, ChangeKind>> = {
  status: {
    fields: [
      { name: "status", kind: "status" },
      { name: "reason", kind: "text" },
    ],
    read: (tokenId, { status = "deprecated", reason = "" }) => {
      const bytes = new TextEncoder().encode(reason).length;
      if (bytes > MAX_REASON_BYTES) return TEXT.longReason(bytes);
      return {
        name: "setStatus",
        args: [tokenId, BigInt(["active", "deprecated", "revoked"].indexOf(status)), reason],
      };
    },
  },
  endorse: { fields: [{ name: "child", kind: "text" }], read: readEndorsement("endorse") },
  withdraw: { fields: [{ name: "child", kind: "text" }], read: readEndorsement("withdrawEndorsement") },
  grant: {
    fields: [
      { name: "account", kind: "text" },
      { name: "expires", kind: "date" },
    ],
    read: (tokenId, { account = "", expires = "" }) => {
      if (!ADDRESS.test(account.trim())) return TEXT.invalidAccount;
      const end = Date.parse(`${expires}T23:59:59Z`);
      if (Number.isNaN(end)) return TEXT.invalidDate;
      return { name: "grantUse", args: [tokenId, account.trim(), BigInt(Math.floor(end / 1000))] };
    },
  },
  revoke: {
    fields: [{ name: "account", kind: "text" }],
    read: (tokenId, { account = "" }) =>
      ADDRESS.test(account.trim()) ? { name: "revokeUse", args: [tokenId, account.trim()] } : TEXT.invalidAccount,
  },
};

/** A child is named by its token, with its registry before it where that is another one. */
function readEndorsement(name: "endorse" | "withdrawEndorsement"): ChangeKind["read"] {
  return (parentId, { child = "" }, registry) => {
    const [, place = registry, id] = CHILD.exec(child.trim()) ?? [];
    const [, chainId, address] = place.split(":");
    if (id === undefined || chainId === undefined || address === undefined) return TEXT.invalidChild;
    return { name, args: [parentId, BigInt(chainId), address, BigInt(id)] };
  };
}

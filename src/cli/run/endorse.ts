import { type ChildModel, isEndorsed } from "../../registry/endorsements.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import { assertOwner, refused, requireRecord } from "../../registry/standing.ts";
import { endorse, withdrawEndorsement } from "../../publish/change-model.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import type { ChainConnection } from "../chain-connection.ts";
import {
  type ChangeOptions,
  type RegistryChange,
  makeChange,
  openChange,
  reportUnchanged,
} from "../change-registry.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type EndorseOptions = ChangeOptions & OptionValues<"tokenId" | "childToken" | "childRegistry" | "withdraw">;

/** Confirms that a child comes from a parent, or takes that back. */
export async function runEndorse(
  options: EndorseOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [parent, childText] = [required(options, "tokenId"), required(options, "childToken")];
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const parentId = await resolveTokenId(parent);
  const child: ChildModel = {
    tokenId: await resolveTokenId(childText),
    ...(options.childRegistry && { registry: options.childRegistry }),
  };
  assertOwner(await requireRecord(registry, parentId), from);
  const before = await isEndorsed(registry, parentId, child);
  const after = !options.withdraw;
  const change = describe(registry, parentId, child, before, after);
  if (before === after) {
    const sentence = after ? `${nameOf(child)} is endorsed already` : `${nameOf(child)} is not endorsed`;
    return reportUnchanged(session, "endorse", sentence, change.changed);
  }
  if (after) await assertNamesParent(registry, parentId, child);
  return makeChange(session, {
    ...change,
    send: async (context) => (after ? endorse : withdrawEndorsement)(registry, parentId, child, context),
  });
}

function describe(
  registry: Registry,
  parentId: bigint,
  child: ChildModel,
  before: boolean,
  after: boolean,
): Omit<RegistryChange, "send"> {
  const [parent, name] = [toHex32(parentId), nameOf(child)];
  return {
    verb: "endorse",
    consequences: after
      ? {
          changes: `you confirm, as the owner of ${parent}, that ${name} comes from it`,
          affects: "verifiers and lineages show the child as endorsed and no longer as only claimed",
          undo: "whoever owns the parent can withdraw it: endorse --withdraw; that it was given stays visible",
        }
      : {
          changes: `the endorsement of ${name} by ${parent} is withdrawn`,
          affects: "verifiers and lineages show the child as only claimed; policies that ask for endorsement refuse it",
          undo: "whoever owns the parent can endorse it again",
        },
    question: after ? "Endorse it?" : "Withdraw the endorsement?",
    done: after ? `${name} is endorsed by ${parent}` : `${name} is no longer endorsed by ${parent}`,
    changed: {
      parentId: parent,
      childId: toHex32(child.tokenId),
      childRegistry: toCaip10(child.registry ?? registry),
      before,
      after,
    },
  };
}

/** A child of this registry names its parents there; of others nothing can be known here. */
async function assertNamesParent(registry: Registry, parentId: bigint, child: ChildModel): Promise<void> {
  if (child.registry !== undefined && toCaip10(child.registry) !== toCaip10(registry)) return;
  const { parents } = await requireRecord(registry, child.tokenId);
  if (parents.includes(parentId)) return;
  throw refused(`the child ${toHex32(child.tokenId)} does not name ${toHex32(parentId)} as a parent`);
}

function nameOf({ tokenId, registry }: ChildModel): string {
  return registry === undefined ? toHex32(tokenId) : `${toHex32(tokenId)} in ${toCaip10(registry)}`;
}

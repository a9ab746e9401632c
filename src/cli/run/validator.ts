import { ZeroAddress } from "ethers";
import { readTransferValidator } from "../../registry/companions.ts";
import { assertAdmin, refused } from "../../registry/standing.ts";
import { setTransferValidator } from "../../publish/administer.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { type ChangeOptions, type Consequences, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the contract that every transfer asks. */
export async function runValidatorSet(
  options: ChangeOptions & OptionValues<"validator">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  return setValidator("validator set", required(options, "validator"), options, connection, terminal);
}

/** Lets transfers ask nobody. */
export async function runValidatorClear(
  options: ChangeOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  return setValidator("validator clear", ZeroAddress, options, connection, terminal);
}

/** Prints the contract that every transfer asks. Nobody signs. */
export async function runValidatorShow(
  options: OptionValues<"registryAddress" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const registry = await connectRegistry(connection, options);
  const validator = await readTransferValidator(registry);
  if (options.format === "json") {
    const place = { chainId: Number(registry.chainId), registry: registry.address };
    const document = { schemaVersion: "1.0", verb: "validator show", ...place, validator: validator ?? null };
    terminal.print(JSON.stringify(document, null, 2));
  } else terminal.print(validator ?? "none: transfers ask nobody");
  return EXIT.done;
}

async function setValidator(
  verb: string,
  validator: string,
  options: ChangeOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const isSet = validator !== ZeroAddress;
  const before = await readTransferValidator(registry);
  const changed = { before: before ?? null, after: isSet ? validator : null };
  if ((before ?? ZeroAddress) === validator) {
    return reportUnchanged(
      session,
      verb,
      isSet ? `transfers ask ${validator} already` : "transfers ask nobody",
      changed,
    );
  }
  await assertAdmin(registry, from);
  if (isSet && (await registry.provider.getCode(validator)) === "0x")
    throw refused(`there is no contract at ${validator}`);
  return makeChange(session, {
    verb,
    consequences: isSet ? describeSet(validator, before) : describeCleared(before),
    question: isSet ? "Let every transfer ask it?" : "Let transfers ask nobody?",
    done: isSet ? `transfers ask ${validator}` : "transfers ask nobody",
    changed,
    send: async (context) => setTransferValidator(registry, validator, context),
  });
}

function describeSet(validator: string, before: string | undefined): Consequences {
  return {
    changes: `every transfer of a token asks ${validator}, ${before === undefined ? "where none was asked" : `no longer ${before}`}`,
    affects:
      "all owners: a transfer that it refuses does not happen, a faulty one stops all of them; minting never asks it",
    undo: "the admin can clear it at any time, whatever it does; the admin cannot be renounced while it is set",
  };
}

function describeCleared(before: string | undefined): Consequences {
  return {
    changes: `transfers ask nobody any more, ${before} no longer`,
    affects: "all owners: every transfer goes through; marketplaces may no longer enforce royalties",
    undo: "the admin can set it again",
  };
}

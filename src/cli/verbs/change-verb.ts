import type { ChainConnection } from "../chain-connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { OptionName, OptionValues } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import type { Verb } from "./verb.ts";

/** A command that is given a connection to the chain. */
export type ChainCommand = (
  options: OptionValues<OptionName>,
  connection: ChainConnection,
  terminal: Terminal,
) => Promise<ExitCode>;

/** Runs a command with a connection that can sign; both are loaded when the verb is used. */
export function sending(load: () => Promise<ChainCommand>): Verb["run"] {
  return async (options, terminal) => {
    const { connectJsonRpcSender } = await import("../json-rpc-signer.ts");
    const run = await load();
    return run(options, await connectJsonRpcSender(options, process.env, terminal), terminal);
  };
}

/** Runs a command that only reads: no key is looked for. */
export function reading(load: () => Promise<ChainCommand>): Verb["run"] {
  return async (options, terminal) => {
    const { connectJsonRpc } = await import("../json-rpc-connection.ts");
    const run = await load();
    return run(options, await connectJsonRpc(options), terminal);
  };
}

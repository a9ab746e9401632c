import { ZeroAddress } from "ethers";
import { type RendererState, answersAsRenderer, readRenderer } from "../../registry/companions.ts";
import { assertAdmin, refused } from "../../registry/standing.ts";
import { lockRenderer, setRenderer } from "../../publish/administer.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { type ChangeOptions, type ChangeSession, makeChange, openChange, reportUnchanged } from "../change-registry.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Sets the contract that draws the tokens. */
export async function runRendererSet(
  options: ChangeOptions & OptionValues<"renderer">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const renderer = required(options, "renderer");
  return changeRenderer("renderer set", renderer, await openChange(options, connection, terminal));
}

/** Lets nobody draw the tokens. */
export async function runRendererClear(
  options: ChangeOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  return changeRenderer("renderer clear", ZeroAddress, await openChange(options, connection, terminal));
}

/** Keeps the present renderer for ever. */
export async function runRendererLock(
  options: ChangeOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openChange(options, connection, terminal);
  const { registry, from } = session;
  const { renderer, locked } = await readRenderer(registry);
  const changed = { renderer: renderer ?? null, before: locked ?? null, after: true };
  if (locked === true) return reportUnchanged(session, "renderer lock", "the renderer is locked already", changed);
  await assertAdmin(registry, from);
  const what = renderer ?? "no renderer";
  return makeChange(session, {
    verb: "renderer lock",
    consequences: {
      changes: `${what} stays for ever`,
      affects: "all owners: nobody can change any more what draws their tokens",
      undo: "never",
    },
    question: `Keep ${what} for ever?`,
    done: `${what} stays for ever`,
    changed,
    send: async (context) => lockRenderer(registry, context),
  });
}

/** Prints the contract that draws the tokens. Nobody signs. */
export async function runRendererShow(
  options: OptionValues<"registryAddress" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const registry = await connectRegistry(connection, options);
  const state = await readRenderer(registry);
  if (options.format === "json") {
    const place = { chainId: Number(registry.chainId), registry: registry.address };
    const facts = { renderer: state.renderer ?? null, locked: state.locked ?? null };
    terminal.print(JSON.stringify({ schemaVersion: "1.0", verb: "renderer show", ...place, ...facts }, null, 2));
  } else terminal.print(`${state.renderer ?? "none"} (${describeLock(state)})`);
  return EXIT.done;
}

async function changeRenderer(verb: string, renderer: string, session: ChangeSession): Promise<ExitCode> {
  const { registry, from, terminal } = session;
  const isSet = renderer !== ZeroAddress;
  const { renderer: before, locked } = await readRenderer(registry);
  const changed = { before: before ?? null, after: isSet ? renderer : null };
  if ((before ?? ZeroAddress) === renderer) {
    return reportUnchanged(
      session,
      verb,
      isSet ? `${renderer} draws the tokens already` : "nothing draws the tokens",
      changed,
    );
  }
  await assertAdmin(registry, from);
  if (locked === true) throw refused(`the renderer ${before ?? "none"} is locked for ever`);
  if (isSet) {
    if ((await registry.provider.getCode(renderer)) === "0x") throw refused(`there is no contract at ${renderer}`);
    if (!(await answersAsRenderer(registry, renderer))) {
      terminal.warn(
        `The contract at ${renderer} answers no picture of the collection: tokens may be shown without one.`,
      );
    }
  }
  return makeChange(session, {
    verb,
    consequences: {
      changes: `${isSet ? renderer : "nothing"} draws the tokens, ${before ?? "nothing"} no longer`,
      affects:
        "how wallets show the collection and every model that is not active; what it answers goes into their metadata as it is",
      undo: "the admin can change it again, until it is locked",
    },
    question: isSet ? "Let it draw the tokens?" : "Let nothing draw the tokens?",
    done: `${isSet ? renderer : "nothing"} draws the tokens`,
    changed,
    send: async (context) => setRenderer(registry, renderer, context),
  });
}

function describeLock({ locked }: RendererState): string {
  if (locked === undefined) return "there is no admin who could change it";
  return locked ? "locked for ever" : "not locked";
}

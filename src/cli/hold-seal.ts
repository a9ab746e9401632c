import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProvenanceError } from "../base/errors.ts";
import type { Seal } from "../queue/sealer.ts";
import type { WorkQueue } from "../hub/queue/work-queue.ts";
import type { PublisherState } from "../publish/journal/publisher-state.ts";
import { awaitAccount } from "../publish/sending/await-account.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import type { OptionValues } from "./options.ts";
import { toSending } from "./plan.ts";
import type { Terminal } from "./terminal.ts";

const RELEASE_MILLISECONDS = 3000;

/** Who is to record, and where. */
export interface Sealing {
  readonly registry: Registry;
  readonly creator: string;
  /** A file beside the state of what was sent, which names that state. */
  readonly namePath: string;
}

/**
 * Waits until nobody else who shares the queue records for the account, and until what others sent for it is in a block: from
 * then on the chain says what is recorded.
 *
 * @returns undefined where there is no queue
 * @throws {ProvenanceError} `TRANSACTION_PENDING`, `CHAIN_UNREACHABLE`, `STATE_FAILED`
 */
export async function holdSeal(
  queue: Pick<WorkQueue, "holdSeal"> | undefined,
  { registry, creator, namePath }: Sealing,
  options: OptionValues<"maxFee" | "confirmations" | "waitSeconds">,
  terminal: Pick<Terminal, "note">,
): Promise<Seal | undefined> {
  if (queue?.holdSeal === undefined) return undefined;
  const held = await queue.holdSeal({
    place: `${toCaip10(registry)} ${creator}`,
    state: await nameState(namePath),
    onWait: () => terminal.note("another process records for this account: waiting"),
  });
  const seal = { ...held, release: releaseWhenStopped(held) };
  if (!seal.isTakenOver) return seal;
  try {
    const onWait = () => terminal.note("what another process sent for this account is not in a block yet: waiting");
    await awaitAccount(registry, creator, toSending(options), onWait);
    return seal;
  } catch (error) {
    await seal.release();
    throw error;
  }
}

/** Gives the place back before a signal ends this process, so that the next one has not to wait for it. */
function releaseWhenStopped({ release }: Seal): Seal["release"] {
  let ending: Promise<void> | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const late = sleep(RELEASE_MILLISECONDS, undefined, { ref: false });
    await Promise.race([release().catch(() => undefined), late]);
    letGo();
    process.kill(process.pid, signal); // Nobody handles it any more: it ends the process.
  };
  // Whoever handles it as well sends it again: once is enough.
  const onSignal = (signal: NodeJS.Signals) => void (ending ??= end(signal));
  const letGo = () => process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return async () => {
    letGo();
    await release();
  };
}

/** A state that lets nothing be sent once somebody else holds the place. */
export function withSeal(state: PublisherState, seal: Seal | undefined): PublisherState {
  if (seal === undefined) return state;
  return {
    ...state,
    withAccount: async (chainId, account, work) =>
      state.withAccount(chainId, account, async () => {
        await seal.assertHeld();
        return work();
      }),
  };
}

async function nameState(path: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, randomUUID(), { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new ProvenanceError("STATE_FAILED", `The file ${path} cannot be used (${reason}).`, { cause });
  }
}

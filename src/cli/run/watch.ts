import { ProvenanceError } from "../../base/errors.ts";
import { type HubChange, type WatchedModel, watchModels } from "../../hub/watch-models.ts";
import type { Hub } from "../../hub/hub.ts";
import { ImportState, type RecordedLine } from "../../hub/import-state.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { fitTable } from "../fit-table.ts";
import { printJson } from "../long-output.ts";
import { splitList } from "../../base/option.ts";
import { withQueue } from "../open-queue.ts";
import type { Terminal } from "../terminal.ts";
import type { Options } from "../options.ts";

/**
 * Reads the repositories of recorded models again and says what changed. For a cron job: exit 0 where nothing did, 1 where
 * something did or is gone, 4 where nothing is known to have changed and some could not be read.
 *
 * @param statePath - of the state that imports left
 */
export async function runWatch(options: Options, statePath: string, terminal: Terminal): Promise<ExitCode> {
  const state = await ImportState.open(statePath);
  const wanted = options.hubModels && new Set(options.hubModels.flatMap(splitList));
  const recorded = state
    .recorded()
    .filter((line) => wanted === undefined || wanted.has(line.repository) || wanted.has(nameOf(line)));
  await state.close();
  if (recorded.length === 0) {
    // A job that watches nothing must not look like one that found nothing.
    const which = wanted === undefined ? "no recorded model" : `none of ${[...wanted].join(", ")}`;
    const text = `${statePath} knows of ${which}: import first, or name the state of that import (IMPORT_STATE).`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  return withQueue(options, terminal, async (hub) => watchAll(hub, recorded, options, terminal));
}

/** Asks the Hub, in turns with all others of a queue where one is named. */
async function watchAll(
  hub: Hub,
  recorded: readonly RecordedLine[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const progress = options.format === "json" ? undefined : terminal.counting?.("repositories", recorded.length);
  const found: WatchedModel[] = [];
  const counts = { unchanged: 0, changed: 0, vanished: 0, unchecked: 0 };
  const { hubConcurrency: concurrency } = options;
  for await (const model of watchModels(hub, recorded, concurrency === undefined ? {} : { concurrency })) {
    counts[model.status]++;
    progress?.onDone();
    if (model.status !== "unchanged") found.push(model);
  }
  progress?.end();
  const exitCode =
    counts.changed + counts.vanished > 0 ? EXIT.failed : counts.unchecked > 0 ? EXIT.unchecked : EXIT.done;
  if (options.format === "json") {
    printJson(terminal, { schemaVersion: "1.0", exitCode, watched: recorded.length, ...counts, models: found });
    return exitCode;
  }
  if (found.length > 0) terminal.print(fitTable(["REPOSITORY", "STATUS", "WHAT"], found.map(toRow), terminal));
  terminal.print(
    `${recorded.length} watched: ${counts.unchanged} unchanged, ${counts.changed} changed, ${counts.vanished} vanished, ${counts.unchecked} could not be read (exit ${exitCode})`,
  );
  return exitCode;
}

/** As `--models` takes it. */
function nameOf({
  repository,
  reference,
}: Pick<WatchedModel, "repository"> & { reference?: string | undefined }): string {
  return reference === undefined ? repository : `${repository}@${reference}`;
}

function toRow(model: WatchedModel): string[] {
  const { status, changes, message } = model;
  const texts = changes.filter(({ what }) => what !== "vanished").map(describeChange);
  return [nameOf(model), status.toUpperCase(), [...texts, ...(message === undefined ? [] : [message])].join("; ")];
}

function describeChange({ what, recorded, now }: HubChange): string {
  const short = (text: string) => (/^0x[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 10)}…` : text);
  if (recorded === undefined) return `${what}: now ${now}`;
  return `${what}: ${short(recorded)} is now ${short(now ?? "none")}`;
}

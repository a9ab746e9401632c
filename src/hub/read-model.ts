import { Slots } from "../base/concurrency.ts";
import { createOriginFinder } from "./base-models.ts";
import { toCells } from "./columns.ts";
import { downloadModel } from "./download-model.ts";
import { type HubExtension, toHubExtension } from "./hub-extension.ts";
import { type HubInfo, readHubInfo, toHubInfo } from "./hub-info.ts";
import type { ImportContext, ImportRequest } from "./import-request.ts";
import type { ImportPlace, ModelLine } from "./import-state.ts";
import type { InspectedModel } from "./inspect-model.ts";
import type { KnownModels } from "./known-models.ts";
import { prepareImport } from "./prepare-import.ts";
import { localQueue } from "./queue/work-queue.ts";
import { placeOf } from "./recording.ts";
import type { SelectedModel } from "./select-models.ts";

const WORKED_ON_AT_ONCE = 8;

/** Reads one model, and prepares it for its registry where that does not hold it yet. */
export type ReadModel = (selected: SelectedModel) => Promise<ModelLine>;

/**
 * Makes a reader of models. What the state knows of a commit is not read again; what is read is written down.
 *
 * @returns a function whose answer is `staged` where the model is to be recorded. It throws as `inspectModel`,
 *   `prepareImport` and `downloadModel`
 */
export function createModelReader(
  request: ImportRequest,
  { hub, state, recording, warn, known, queue }: ImportContext & { readonly known?: KnownModels },
): ReadModel {
  // However many wait for workers: here, and of the chain, so much is done at a time.
  const slots = new Slots(queue === undefined ? (request.concurrency ?? WORKED_ON_AT_ONCE) : WORKED_ON_AT_ONCE);
  const { inspect } = queue ?? localQueue(hub);
  const { download, allowPrivate = false } = request;
  const contents: HubExtension["contents"] = download === undefined ? "git-lfs" : "downloaded";
  const findOrigin = recording && createOriginFinder(hub, recording.registry);
  /** What an earlier run found of the same commit: enough where it is prepared for this registry, or recorded there. */
  const recall = async ({ id: repository, revision }: HubInfo, where: ImportPlace | undefined) => {
    const line = await state.findModel({ repository, revision }, where, download !== undefined);
    const isKnown = line !== undefined && (await known?.find(line.modelDigest)) !== undefined;
    if (recording === undefined || isKnown) return line;
    return line?.staged !== undefined && recording.spool.has(line.staged.metadataDigest) ? line : undefined;
  };
  const note = async (inspected: InspectedModel, where: ImportPlace | undefined, warnOf: (text: string) => void) => {
    inspected.warnings.forEach(warnOf);
    if (download !== undefined) await downloadModel(inspected, download);
    let line = toLine(inspected, contents);
    if (recording && where && findOrigin && (await known?.find(line.modelDigest)) === undefined) {
      const built = await prepareImport(inspected, contents, { ...recording, findOrigin, warn: warnOf });
      await recording.spool.add(built);
      line = { ...line, staged: { ...where, metadataDigest: built.metadataDigest } };
    }
    await state.add(line);
    return line;
  };
  return async ({ reference, entry, fault }) => {
    if (fault !== undefined) throw fault;
    const info = entry === undefined ? await readHubInfo(hub, reference) : toHubInfo(entry);
    const where = recording && (await placeOf(recording));
    const before = await slots.run(async () => recall(info, where));
    if (before !== undefined) return before;
    const warnOf = (text: string) => warn(`${info.id}: ${text}`);
    const inspected = await inspect({ info, allowPrivate });
    return slots.run(async () => note(inspected, where, warnOf));
  };
}

function toLine(inspected: InspectedModel, contents: HubExtension["contents"]): ModelLine {
  const { info, facts, contents: read } = inspected;
  const { modelDigest, manifestRoot, weightsDigest } = read.model;
  const { parameters, datasets, metrics, baseModels = [] } = facts.model;
  const relation = [...new Set(baseModels.flatMap((base) => base.relation ?? []))].join(", ") || undefined;
  const names = baseModels.map(({ uri }) => uri.replace(/^hf:\/\//, ""));
  const source = { license: facts.license, parameters, datasets, metrics, modelDigest, manifestRoot, weightsDigest };
  return {
    kind: "model",
    repository: info.id,
    revision: info.revision,
    cells: toCells(toHubExtension(inspected, contents), {
      ...source,
      baseModels: names.length > 0 ? names : undefined,
      relation,
    }),
    modelDigest,
    weightsDigest,
    ...(facts.license !== undefined && { license: facts.license }),
    downloaded: contents === "downloaded",
  };
}

import type { Signer } from "ethers";
import type { Registry } from "../../src/registry/registry.ts";
import type { SendingOptions } from "../../src/publish/sending/sending.ts";
import { importModels } from "../../src/hub/import-models.ts";
import type { ImportOutcome, ImportRequest } from "../../src/hub/import-request.ts";
import { ImportState } from "../../src/hub/import-state.ts";
import type { WorkQueue } from "../../src/hub/queue/work-queue.ts";
import { Spool } from "../../src/hub/spool.ts";
import type { BlockSource, ContentStore } from "../../src/content/content-store.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";
import type { useHub } from "./use-hub.ts";

/** Imports into a registry with a state and a store in a folder, and tells what happened on the way. */
export function importer(
  registry: Registry,
  signer: Signer,
  store: ContentStore,
  hub: ReturnType<typeof useHub>,
  temporary: TemporaryFolder,
) {
  return async (
    request: ImportRequest,
    statePath = "state",
    {
      queue,
      ...more
    }: { readonly reading?: BlockSource; readonly sending?: SendingOptions; readonly queue?: WorkQueue } = {},
  ) => {
    const state = await ImportState.open(temporary.path(statePath));
    const spool = await Spool.open(temporary.path(`${statePath}.spool`));
    const outcomes: ImportOutcome[] = [];
    const warnings: string[] = [];
    const sent: string[] = [];
    const confirm = async () => undefined;
    const onSent = (hash: string) => void sent.push(hash);
    try {
      const summary = await importModels(request, {
        hub: hub.open(),
        state,
        ...(queue && { queue }),
        recording: { registry, signer, store, spool, confirm, onSent, ...more },
        warn: (text) => warnings.push(text),
        onModel: (outcome) => void outcomes.push(outcome),
      });
      const statuses = outcomes.map(({ status }) => status);
      return { summary, outcomes, warnings, sent, statuses, recorded: state.recorded() };
    } finally {
      await state.close();
      await spool.close();
    }
  };
}

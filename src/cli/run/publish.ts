import { ProvenanceError } from "../../base/errors.ts";
import type { PublishRequest } from "../../publish/prepare-model.ts";
import { type BatchResult, type PublishBatchContext, publishBatch } from "../../publish/publish-batch.ts";
import { rehearseBatch } from "../../publish/rehearse-batch.ts";
import type { Seal } from "../../queue/sealer.ts";
import { type BatchEntry, assertNoModelBeside, readBatchList } from "../batch-list.ts";
import { printRehearsal, printResults } from "../batch-report.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode, exitCodeOfError } from "../exit-codes.ts";
import { holdSeal, withSeal } from "../hold-seal.ts";
import { leaveClaim } from "../leave-claim.ts";
import { QUEUED_AT_ONCE, withFileQueue } from "../open-queue.ts";
import { nameOfState, openState } from "../open-state.ts";
import type { OptionValues, Options } from "../options.ts";
import { toPublishRequest } from "../publish-options.ts";
import { withResumeHint } from "../resume.ts";
import { warnOfUnlisted } from "../warn-of-unlisted.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";
import { chooseClaim, openPublishing, runMint } from "./mint.ts";

/** Publishes one model as `mint` does, or all of a list with as few transactions as they fit in. */
export async function runPublish(options: Options, connection: ChainConnection, terminal: Terminal): Promise<ExitCode> {
  const { batchPath, modelPath: _, ...common } = options;
  if (batchPath === undefined) {
    if (options.queueUrl === undefined) return runMint(options, connection, terminal);
    throw new ProvenanceError("OPTION_INVALID", "A queue hashes the models of a list: --queue goes with --batch.");
  }
  assertNoModelBeside(options);
  if (options.calldataOut !== undefined) {
    throw new ProvenanceError(
      "OPTION_INVALID",
      "CALLDATA_OUT writes one call: publish the models of a list one by one.",
    );
  }
  const entries = await readBatchList(batchPath);
  const opened = await openPublishing(common, connection, terminal);
  const creator = await opened.signer.getAddress();
  await warnOfUnlisted(options, opened.signer, opened.registry.chainId, terminal);
  const requests = entries.map((entry) => toRequest(entry, common, batchPath, creator));
  return withFileQueue(options, terminal, async (queue) => {
    const { concurrency = queue && QUEUED_AT_ONCE } = options;
    const context = {
      ...opened,
      ...(queue && { digest: queue.digest }),
      ...(concurrency !== undefined && { concurrency }),
    };
    if (options.dryRun) return rehearse(requests, context, options, terminal);
    const sealing = { registry: opened.registry, creator, namePath: nameOfState(options) };
    const seal = await holdSeal(queue, sealing, options, terminal);
    return publish(requests, { ...context, seal }, options, terminal).finally(async () => seal?.release());
  });
}

function toRequest(
  { place, options }: BatchEntry,
  common: Options,
  batchPath: string,
  creator: string,
): PublishRequest {
  try {
    return toPublishRequest({ ...common, ...options }, creator);
  } catch (cause) {
    if (!(cause instanceof ProvenanceError)) throw cause;
    throw new ProvenanceError(cause.code, `The list ${batchPath}, ${place}: ${cause.message}`, { cause });
  }
}

async function rehearse(
  requests: readonly PublishRequest[],
  context: PublishBatchContext,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const onHashed = async (model: Parameters<typeof chooseClaim>[1]) => void (await chooseClaim(options, model));
  const rehearsal = await followBytes(terminal, options.format, async (progress) =>
    rehearseBatch(requests, { ...context, ...progress, onHashed }),
  );
  const { results } = rehearsal;
  warnOfFailures(results, requests, terminal);
  printRehearsal(rehearsal, pathsOf(requests), context.registry, options.format, terminal);
  return exitCodeOfResults(results);
}

async function publish(
  requests: readonly PublishRequest[],
  { seal, ...context }: PublishBatchContext & { readonly seal: Seal | undefined },
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const paths = pathsOf(requests);
  const state = withSeal(openState(options, paths), seal);
  const results = await withResumeHint(options, terminal, async (begin) =>
    followBytes(terminal, options.format, async ({ end, ...progress }) => {
      const claims = followClaims(options, paths, { ...context, ...progress, state }, terminal);
      const onResult: PublishBatchContext["onResult"] = async (index, result) => {
        end?.();
        await claims.onResult(index, result);
      };
      begin();
      return publishBatch(requests, { ...claims.context, onResult });
    }),
  );
  printResults(results, paths, context.registry, options.format, terminal);
  const code = exitCodeOfResults(results);
  if (code !== EXIT.done)
    terminal.note("Run the list again when that is mended: what has a token is not minted again.");
  return code;
}

/** Chooses where the claim of each model goes when it is hashed, and leaves it there when it has a token. */
function followClaims(
  options: OptionValues<"claimFile">,
  paths: readonly string[],
  context: PublishBatchContext,
  terminal: Terminal,
) {
  const claims = new Map<string, string>();
  const onHashed: PublishBatchContext["onHashed"] = async (model) => {
    const claim = await chooseClaim(options, model);
    if (claim !== undefined) claims.set(model.path, claim);
  };
  let ended = 0;
  const onResult = async (index: number, result: BatchResult) => {
    const place = `${++ended}/${paths.length} ${printable(paths[index] ?? "")}`;
    if (result.status === "failed") {
      terminal.warn(`${place}: ${result.error.message}`);
      return;
    }
    terminal.note(`${place}: ${result.status}`);
    const claim = claims.get(result.prepared.model.path);
    if (claim !== undefined) await leaveClaim(claim, result, context, terminal);
  };
  return { context: { ...context, onHashed }, onResult };
}

function warnOfFailures(
  results: readonly { readonly status: string; readonly error?: ProvenanceError }[],
  requests: readonly PublishRequest[],
  terminal: Terminal,
): void {
  for (const [i, { error }] of results.entries()) {
    if (error !== undefined) terminal.warn(`${printable(requests[i]?.modelPath ?? "")}: ${error.message}`);
  }
}

function pathsOf(requests: readonly PublishRequest[]): string[] {
  return requests.map(({ modelPath }) => modelPath);
}

/** That of the first model that failed. */
function exitCodeOfResults(
  results: readonly { readonly status: string; readonly error?: ProvenanceError }[],
): ExitCode {
  const failed = results.find(({ error }) => error !== undefined);
  return failed?.error === undefined ? EXIT.done : exitCodeOfError(failed.error.code);
}

import type { Registry } from "../../chain/registry.ts";
import { toHex32 } from "../../hex.ts";
import { prepareModel } from "../../publish/prepare-model.ts";
import { type BatchResult, type PublishBatchContext, publishBatch } from "../../publish/publish-batch.ts";
import { type BatchEntryOptions, readBatchList } from "../batch-list.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { EXIT, type ExitCode, exitCodeOfError } from "../exit-codes.ts";
import { leaveClaim } from "../leave-claim.ts";
import { printJson, printTable } from "../long-output.ts";
import { openState } from "../open-state.ts";
import type { OptionValues } from "../options.ts";
import { BATCH_OPTIONS, MINT_OPTIONS, SENDER_OPTIONS, toPublishRequest } from "../publish-options.ts";
import { withResumeHint } from "../resume.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";
import { chooseClaim, openPublishing, runMint } from "./mint.ts";

/** Options of `publish`. */
export const PUBLISH_COMMAND_OPTIONS = [...MINT_OPTIONS, ...BATCH_OPTIONS] as const;
type PublishCommandOptions = OptionValues<(typeof PUBLISH_COMMAND_OPTIONS)[number]>;

/** Publishes one model as `mint` does, or all of a list with as few transactions as they fit in. */
export async function runPublish(
  options: PublishCommandOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const { batchPath, modelPath: _, ...common } = options;
  if (batchPath === undefined) return runMint(options, connection, terminal);
  const entries = (await readBatchList(batchPath)).map((entry) => ({ ...common, ...entry }));
  const context = await openPublishing(common, connection, terminal);
  const creator = await context.signer.getAddress();
  const requests = entries.map((entry) => toPublishRequest(entry, creator));
  if (options.dryRun) {
    const models: object[] = [];
    for (const request of requests) {
      const { built, model } = await prepareModel(request, context);
      const { uri, metadataDigest } = built;
      models.push({ model: request.modelPath, modelDigest: model.modelDigest, metadataDigest, uri });
    }
    printJson(terminal, { schemaVersion: "1.0", dryRun: true, models });
    return EXIT.done;
  }
  const paths = entries.map(({ modelPath }) => modelPath ?? "");
  const state = openState(options, paths);
  const names = [...PUBLISH_COMMAND_OPTIONS, ...SENDER_OPTIONS];
  const results = await withResumeHint(names, terminal, async (begin) =>
    followBytes(terminal, options.format, async ({ end, ...progress }) => {
      const claims = followClaims(common, paths, { ...context, ...progress, state }, terminal);
      const onResult: PublishBatchContext["onResult"] = async (index, result) => {
        end?.();
        await claims.onResult(index, result);
      };
      const { concurrency } = options;
      const batch = { ...claims.context, onResult, ...(concurrency !== undefined && { concurrency }) };
      begin();
      return publishBatch(requests, batch);
    }),
  );
  printResults(results, paths, context.registry, options.format, terminal);
  const failed = results.find((result) => result.status === "failed");
  return failed === undefined ? EXIT.done : exitCodeOfError(failed.error.code);
}

/** Chooses where the claim of each model goes when it is hashed, and leaves it there when it has a token. */
function followClaims(
  options: BatchEntryOptions & OptionValues<"claimFile">,
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

function printResults(
  results: readonly BatchResult[],
  paths: readonly string[],
  { chainId, address }: Registry,
  format: "human" | "json" | undefined,
  terminal: Terminal,
): void {
  const count = (status: BatchResult["status"]) => results.filter((result) => result.status === status).length;
  const summary = { minted: count("minted"), existing: count("existing"), failed: count("failed") };
  if (format === "json") {
    const models = results.map((result, i) => ({ model: paths[i], ...describe(result) }));
    printJson(terminal, { schemaVersion: "1.0", chainId: Number(chainId), registry: address, models, summary });
    return;
  }
  printTable(terminal, ["STATUS", "TOKEN OR FAILURE", "MODEL"], results.length, (i) => {
    const result = results[i] as BatchResult;
    const token = result.status === "failed" ? result.error.code : toHex32(result.minted.tokenId);
    return [result.status, token, printable(paths[i] ?? "")];
  });
  terminal.print(`${summary.minted} minted, ${summary.existing} existing, ${summary.failed} failed`);
}

function describe(result: BatchResult): object {
  if (result.status === "failed") {
    const { code, message } = result.error;
    return { status: result.status, error: { code, message } };
  }
  const { tokenId, uri, record, transaction } = result.minted;
  const sent = transaction && { transactionHash: transaction.transactionHash, blockNumber: transaction.blockNumber };
  const { owner, creator } = record;
  return { status: result.status, tokenId: toHex32(tokenId), uri, owner, creator, transaction: sent };
}

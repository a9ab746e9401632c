import { formatEther } from "ethers";
import { formatCoins } from "../registry/coins.ts";
import type { Registry } from "../registry/registry.ts";
import { toHex32 } from "../base/hex.ts";
import type { BatchResult } from "../publish/publish-batch.ts";
import type { BatchRehearsal, RehearsedResult } from "../publish/rehearse-batch.ts";
import { printJson, printTable } from "./long-output.ts";
import type { OutputFormat } from "./options/output.ts";
import { type Terminal, printable } from "./terminal.ts";

type Format = OutputFormat | undefined;

/** Prints what became of the models of a batch: a row for each, and how many of which. */
export function printResults(
  results: readonly BatchResult[],
  paths: readonly string[],
  { chainId, address }: Registry,
  format: Format,
  terminal: Terminal,
): void {
  const summary = {
    minted: count(results, "minted"),
    existing: count(results, "existing"),
    failed: count(results, "failed"),
  };
  if (format === "json") {
    const models = results.map((result, i) => ({ model: paths[i], ...describe(result) }));
    printJson(terminal, { schemaVersion: "1.0", chainId: Number(chainId), registry: address, models, summary });
    return;
  }
  printRows(results, paths, terminal);
  terminal.print(`${summary.minted} minted, ${summary.existing} existing, ${summary.failed} failed`);
}

/** Prints what publishing a batch would do. */
export function printRehearsal(
  { results, cost }: BatchRehearsal,
  paths: readonly string[],
  { chainId, address }: Registry,
  format: Format,
  terminal: Terminal,
): void {
  const summary = {
    toMint: count(results, "to-mint"),
    existing: count(results, "existing"),
    failed: count(results, "failed"),
    worstCost: formatEther(cost?.worstCost ?? 0n),
  };
  if (format === "json") {
    const models = results.map((result, i) => ({ model: paths[i], ...describe(result) }));
    const head = { schemaVersion: "1.0", dryRun: true, chainId: Number(chainId), registry: address };
    printJson(terminal, { ...head, models, summary });
    return;
  }
  printRows(results, paths, terminal);
  const { toMint, existing, failed } = summary;
  terminal.print(
    `${toMint} would be minted for at most ${formatCoins(cost?.worstCost ?? 0n, chainId)}, ${existing} existing, ` +
      `${failed} would fail. Nothing was written, pinned or sent.`,
  );
}

function printRows(results: readonly RehearsedResult[], paths: readonly string[], terminal: Terminal): void {
  printTable(terminal, ["STATUS", "TOKEN OR FAILURE", "MODEL"], results.length, (i) => {
    const result = results[i] as RehearsedResult;
    const token = result.status === "failed" ? result.error.code : result.prepared.model.modelDigest;
    return [result.status, token, printable(paths[i] ?? "")];
  });
}

function count(results: readonly RehearsedResult[], status: RehearsedResult["status"]): number {
  return results.filter((result) => result.status === status).length;
}

function describe(result: RehearsedResult): object {
  if (result.status === "failed") {
    const { code, message } = result.error;
    return { status: result.status, error: { code, message } };
  }
  if (result.status === "to-mint") {
    const { uri, metadataDigest } = result.prepared.built;
    return { status: result.status, tokenId: result.prepared.model.modelDigest, uri, metadataDigest };
  }
  const { tokenId, uri, record, transaction } = result.minted;
  const { owner, creator } = record;
  const sent = transaction && {
    transactionHash: transaction.transactionHash,
    blockNumber: transaction.blockNumber,
    gasUsed: Number(transaction.gasUsed),
  };
  return { status: result.status, tokenId: toHex32(tokenId), uri, owner, creator, transaction: sent };
}

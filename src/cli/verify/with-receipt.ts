import { readGivenFile } from "../../base/given-file.ts";
import { toHex32 } from "../../base/hex.ts";
import { formatReceipt, parseReceipt } from "../../registry/receipts/inference-receipt.ts";
import type { Registry } from "../../registry/registry.ts";
import { type ReceiptReport, verifyReceipt } from "../../verify/verify-receipt.ts";
import { findDeploymentsFolder } from "../deployments-folder.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { findMarket } from "../market/open-market.ts";
import type { Options } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";

const RECEIPT = { what: "RECEIPT_PATH:", maxBytes: 64 * 1024 };
const OUTPUT = { what: "OUTPUT_FILE:", maxBytes: 1024 ** 3 };

const EXIT_CODES: Readonly<Record<ReceiptReport["verdict"], ExitCode>> = {
  verified: EXIT.done,
  mismatch: EXIT.failed,
  "not-acceptable": EXIT.unacceptable,
  "not-registered": EXIT.unknown,
};

/** Checks a receipt of an answer, and the output that is said to be that answer. Prints what it proves and what it does not. */
export async function verifyWithReceipt(
  options: Options,
  receiptPath: string,
  registries: readonly Registry[],
  terminal: Terminal,
  variables: Parameters<typeof findDeploymentsFolder>[1],
): Promise<ExitCode> {
  const signed = parseReceipt(await readGivenFile(receiptPath, RECEIPT));
  const { outputFile } = options;
  const output = outputFile === undefined ? undefined : await readGivenFile(outputFile, OUTPUT);
  const market = async (registry: Registry) =>
    findMarket(registry, options, await findDeploymentsFolder(registry.chainId, variables));
  const report = await verifyReceipt({ signed, registries, market, ...(output && { output }) });
  if (options.format === "json") {
    const { record, ...rest } = report;
    const receipt = JSON.parse(Buffer.from(formatReceipt(signed)).toString()) as unknown;
    const found = record && { tokenId: toHex32(record.tokenId), creator: record.creator, status: record.status };
    printJson(terminal, { schemaVersion: "1.0", verb: "verify", ...rest, ...(found && { record: found }), receipt });
    return EXIT_CODES[report.verdict];
  }
  terminal.print(printable(`${report.verdict}: ${report.headline}`));
  if (report.record !== undefined)
    terminal.print(printable(`  recorded by ${report.record.creator}, ${report.record.status}`));
  const at = new Date(Number(signed.receipt.answeredAt) * 1000);
  if (!Number.isNaN(at.getTime())) terminal.print(`  answered at ${at.toISOString()}, by the node's clock`);
  for (const text of report.proves) terminal.print(printable(`  proves: ${text}`));
  for (const text of report.doesNotProve) terminal.print(printable(`  does not prove ${text}`));
  return EXIT_CODES[report.verdict];
}

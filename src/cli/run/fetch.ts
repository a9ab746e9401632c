import { type FetchedModel, fetchModel } from "../../fetch/fetch-model.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { openPublishers } from "../open-publishers.ts";
import { openLocalStore } from "../open-stores.ts";
import { type ExitCode, exitCodeOf } from "../exit-codes.ts";
import { formatBytes } from "../format-bytes.ts";
import { openReading } from "../open-gateways.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, followBytes, printable } from "../terminal.ts";
import { toVerifyDocument } from "../../verify/report-document.ts";
import { printReport } from "../report/human.ts";

/**
 * Downloads a published model into a folder and verifies it. Prints the report; the exit code is its verdict.
 *
 * @param connect - makes the connection, once the options are known to be complete
 */
export async function runFetch(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  const path = required(options, "fetchPath");
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const connection = await connect();
  const registry = await connectRegistry(connection, options);
  const { only, format } = options;
  const source = openReading(options, connection.chainId, openLocalStore(options), terminal);
  const publishers = await openPublishers(options, { store: source, registries: [registry] });
  const request = { tokenId, path, registry, source, publishers, ...(only && { only }) };
  const fetched = await followBytes(
    terminal,
    format,
    async (fetching) =>
      followBytes(terminal, format, async (verifying) => fetchModel({ ...request, ...fetching, verifying })),
    "fetching",
  );
  const { report } = fetched;
  const exitCode = exitCodeOf(report.verdict);
  if (format === "json") {
    const { existing, fetchedBytes, keptBytes } = fetched;
    const document = { ...toVerifyDocument(report, exitCode), path: fetched.path, existing, fetchedBytes, keptBytes };
    terminal.print(JSON.stringify(document, null, 2));
  } else {
    printReport(report, exitCode, terminal);
    terminal.note(describeFetch(fetched));
  }
  return exitCode;
}

function describeFetch({ path, existing, fetchedBytes, keptBytes, report }: FetchedModel): string {
  const where = printable(path);
  if (existing) return `${where} holds it already: nothing was fetched`;
  const kept = keptBytes === 0 ? "" : `, ${formatBytes(keptBytes)} were there from an earlier run`;
  const how = `${formatBytes(fetchedBytes)} fetched${kept}`;
  if (report.verdict === "verified") return `${how}: ${where}`;
  return `${how}; it is not as recorded, and was left at ${where}`;
}

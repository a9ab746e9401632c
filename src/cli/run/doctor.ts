import type { ChainConnection } from "../chain-connection.ts";
import { findAccount } from "../doctor/account.ts";
import { checkChains } from "../doctor/chain.ts";
import { checkGateways, checkStores } from "../doctor/content.ts";
import type { DoctorFinding } from "../doctor/finding.ts";
import { checkNode, checkVariables, describeSources } from "../doctor/machine.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { printJson } from "../long-output.ts";
import { type Options, settingsOf } from "../options.ts";
import { type Terminal, printable, table } from "../terminal.ts";

const WORDS: Record<DoctorFinding["state"], string> = {
  ok: "ok",
  note: "note",
  fix: "FIX",
  retry: "NO ANSWER",
  skipped: "skipped",
};

/**
 * Looks at everything that the other commands need, and says what to repair.
 *
 * @param connect - makes a connection to the one node that is named
 * @returns 0 where all works, 2 where something is set up wrongly, 4 where something did not answer
 */
export async function runDoctor(
  options: Options,
  connect: () => Promise<ChainConnection>,
  terminal: Terminal,
): Promise<ExitCode> {
  const settings = settingsOf(options);
  const account = await findAccount(options, settings.variables);
  const chains = await checkChains(options, account.address, connect);
  // What is public is decided by the chain; without one, nothing is.
  const chainId = chains.registries[0]?.chainId ?? options.chainId ?? 31337n;
  const findings = [
    checkNode(process.versions.node),
    ...checkVariables(settings),
    ...describeSources(options),
    ...chains.findings,
    ...account.findings,
    ...(await checkStores(options, chainId, terminal)),
    ...(await checkGateways(options, chainId)),
  ];
  const exitCode = exitCodeOf(findings);
  if (options.format === "json") {
    printJson(terminal, { schemaVersion: "1.0", ok: exitCode === EXIT.done, exitCode, findings });
  } else {
    terminal.print(
      table(findings.map(({ what, state, detail }) => [WORDS[state], printable(what), printable(detail)])),
    );
  }
  return exitCode;
}

function exitCodeOf(findings: readonly DoctorFinding[]): ExitCode {
  if (findings.some(({ state }) => state === "fix")) return EXIT.usage;
  return findings.some(({ state }) => state === "retry") ? EXIT.unchecked : EXIT.done;
}

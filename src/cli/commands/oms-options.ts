import type { ExitCode } from "../exit-codes.ts";
import { type OptionName, type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { runOmsSign, runOmsVerify } from "./oms.ts";

/** Runs `oms sign` from options. @throws {ProvenanceError} `OPTION_MISSING`, and as {@link runOmsSign} */
export async function runSign(options: OptionValues<OptionName>, terminal: Terminal): Promise<ExitCode> {
  return runOmsSign(
    {
      ...options,
      modelPath: required(options, "modelPath"),
      privateKey: required(options, "privateKey"),
      signature: required(options, "signature"),
    },
    terminal,
  );
}

/** Runs `oms verify` from options. @throws {ProvenanceError} `OPTION_MISSING`, and as {@link runOmsVerify} */
export async function runVerify(options: OptionValues<OptionName>, terminal: Terminal): Promise<ExitCode> {
  const paths = { modelPath: required(options, "modelPath"), signature: required(options, "signature") };
  return runOmsVerify({ ...options, ...paths }, terminal);
}

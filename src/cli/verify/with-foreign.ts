import { ProvenanceError } from "../../base/errors.ts";
import { verifyForeign } from "../../verify/foreign/verify-foreign.ts";
import type { VerifyReport } from "../../verify/report.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { openReading } from "../open-gateways.ts";
import { openLocalStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { type Terminal, followBytes } from "../terminal.ts";

/** Compares a model with a token of somebody else's contract. */
export async function verifyWithForeign(
  options: Options,
  { provider, chainId }: ChainConnection,
  tokenId: bigint | undefined,
  terminal: Terminal,
): Promise<VerifyReport> {
  if (tokenId === undefined) {
    throw new ProvenanceError("OPTION_MISSING", "FOREIGN_CONTRACT needs TOKEN_ID: which of its tokens?");
  }
  const { ignorePaths, hfCache = false, foreignOrigin } = options;
  const request = {
    modelPath: required(options, "modelPath"),
    provider,
    contract: required(options, "foreignContract"),
    tokenId,
    store: openReading(options, chainId, openLocalStore(options), terminal),
    ...(ignorePaths && { ignorePaths }),
    ...(foreignOrigin !== undefined && { privateOrigin: foreignOrigin }),
    hfCache,
  };
  return followBytes(terminal, options.format, async (progress) => verifyForeign({ ...request, ...progress }));
}

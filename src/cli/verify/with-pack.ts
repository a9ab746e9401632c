import { readPackFile } from "../../verify/pack-file.ts";
import type { VerifyReport } from "../../verify/report.ts";
import { verifyPack } from "../../verify/verify-pack.ts";
import { type Options, required } from "../options.ts";
import { openPublishers } from "../open-publishers.ts";
import { readBook } from "./policies.ts";
import { type Terminal, followBytes } from "../terminal.ts";

/** Verifies with a pack: nothing is asked of a network. */
export async function verifyWithPack(
  options: Options,
  packPath: string,
  token: { readonly tokenId?: bigint },
  terminal: Terminal,
): Promise<VerifyReport> {
  const { ignorePaths, hfCache = false, chainId } = options;
  const pack = await readPackFile(packPath);
  const registry = required(options, "registryAddress");
  const request = {
    modelPath: required(options, "modelPath"),
    pack,
    ...token,
    trusted: { blockHash: required(options, "blockHash"), registry, ...(chainId !== undefined && { chainId }) },
    ...(ignorePaths && { ignorePaths }),
    hfCache,
    publishers: await openPublishers({ ...options, offline: true }, { book: await readBook(options) }),
  };
  return followBytes(terminal, options.format, async (progress) => verifyPack({ ...request, ...progress }));
}

import type { Signer } from "ethers";
import { parseAddress } from "../../base/address.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type AccessSource, marketSource, registrySource } from "../../gate/access.ts";
import type { Registry } from "../../registry/registry.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { connectJsonRpcSender } from "../json-rpc-signer.ts";
import { requireMarket } from "../market/open-market.ts";
import { type Options, settingsOf } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Opens what lets accounts in, as the options say: the registry, markets, or both.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`, and as `requireMarket`
 */
export async function openAccess(
  options: Options,
  { deploymentsFolder }: Pick<ChainConnection, "deploymentsFolder">,
  registry: Registry,
  tokenId: bigint,
): Promise<AccessSource[]> {
  const { access = ["registry"] } = options;
  return Promise.all(
    access.map(async (text) => {
      if (text === "registry") return registrySource(registry, tokenId);
      const address = parseAddress(/^market:(0x[0-9a-fA-F]{40})$/.exec(text)?.[1] ?? "");
      if (address === undefined && text !== "market") {
        const takes = "registry, market or market:0x…, comma-separated";
        throw new ProvenanceError("OPTION_INVALID", `GATE_ACCESS takes ${takes}, got ${JSON.stringify(text)}.`);
      }
      const market = address === undefined ? options.market : address;
      return marketSource(
        await requireMarket(registry, { ...(market && { market }) }, deploymentsFolder),
        registry,
        tokenId,
      );
    }),
  );
}

/** The account that signs receipts: of a keystore, of the environment, or of the node. @throws {ProvenanceError} `SIGNER_MISSING` */
export async function openSigner(options: Options, connection: ChainConnection, terminal: Terminal): Promise<Signer> {
  const { getSigner } =
    connection.getSigner === undefined
      ? await connectJsonRpcSender(options, settingsOf(options).variables, terminal)
      : connection;
  if (getSigner !== undefined) return getSigner(options.mintFrom);
  throw new ProvenanceError("SIGNER_MISSING", "There is no account to sign receipts with.");
}

import { formatEther, formatUnits } from "ethers";
import type { Registry } from "../../chain/registry.ts";
import { ProvenanceError } from "../../errors.ts";
import { toHex32 } from "../../hex.ts";
import { type Claim, chooseClaimPath, writeClaim } from "../../model/claim.ts";
import { type MintPlan, type MintedModel, mintModel } from "../../publish/mint-model.ts";
import { type PreparedModel, prepareModel, quotePins } from "../../publish/prepare-model.ts";
import type { ContentStore } from "../../store/content-store.ts";
import { type ChainConnection, connectRegistry, connectSigner, isLocalChain } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { READING_OPTIONS, openReading } from "../open-gateways.ts";
import { PINNING_OPTIONS, openPinningStore } from "../open-stores.ts";
import { formatBytes } from "../format-bytes.ts";
import type { OptionValues } from "../options.ts";
import { PUBLISH_OPTIONS, printDryRun, toPublishRequest } from "../publish-options.ts";
import { type Terminal, confirm, followBytes, printable, table } from "../terminal.ts";

/** Options of `mint`. */
export const MINT_OPTIONS = [
  ...PUBLISH_OPTIONS,
  "registryAddress",
  "mintTo",
  "mintFrom",
  "claimFile",
  ...PINNING_OPTIONS,
  ...READING_OPTIONS,
  "maxCost",
  "dryRun",
  "yes",
  "format",
] as const;
type MintOptions = OptionValues<(typeof MINT_OPTIONS)[number]>;

/** Hashes a model, signs and pins its metadata and mints its token. Prints the token. */
export async function runMint(
  options: MintOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  if (needsAnswer(options, connection) && !terminal.interactive) await confirm(terminal, "");
  const store = await openPinningStore(options, connection.chainId, terminal);
  const reading = openReading(options, connection.chainId, store, terminal);
  const signer = await connectSigner(connection, options);
  const registry = await connectRegistry(connection, options, signer);
  const context = { registry, signer, warn: terminal.warn };
  const request = toPublishRequest(options, await signer.getAddress());
  const prepared = await followBytes(terminal, options.format, async (progress) =>
    prepareModel(request, { ...context, ...progress }),
  );
  const claimPath =
    options.claimFile === false ? undefined : await chooseClaimPath(prepared.model.path, prepared.model.kind);

  if (options.dryRun) {
    terminal.note(`would pin ${prepared.built.uri} and mint token ${prepared.model.modelDigest}`);
    printDryRun(prepared.built, options.format, terminal);
    return EXIT.done;
  }
  const minted = await mintModel(prepared, {
    ...context,
    store,
    reading,
    ...(options.mintTo !== undefined && { to: options.mintTo }),
    onSent: (hash) => terminal.note(`sent transaction ${hash}`),
    confirm: async (plan) => confirmMint(plan, options, connection, { registry, store }, terminal),
  });
  if (claimPath !== undefined) await leaveClaim(claimPath, prepared, minted, { registry, store }, terminal);
  printMinted(minted, prepared, registry, options, terminal);
  return EXIT.done;
}

function needsAnswer(options: MintOptions, connection: ChainConnection): boolean {
  return !options.yes && !options.dryRun && !isLocalChain(connection.chainId);
}

async function confirmMint(
  plan: MintPlan,
  options: MintOptions,
  connection: ChainConnection,
  { registry, store }: { readonly registry: Registry; readonly store: ContentStore },
  terminal: Terminal,
): Promise<void> {
  const { built } = plan.prepared;
  terminal.note(
    table([
      ["network", `${connection.networkName} (chain ${connection.chainId})`],
      ["registry", registry.address],
      ["signer", `${plan.from}, balance ${formatEther(plan.balance)} ether`],
      ["token", `${toHex32(plan.tokenId)} for ${plan.to}`],
      ["gas", `${plan.gas} at most ${formatUnits(plan.maxFeePerGas, "gwei")} gwei`],
      ["worst cost", `${formatEther(plan.worstCost)} ether`],
      [
        "public for ever",
        `${built.uri} (${built.block.bytes.length} bytes of metadata, file names and digests included)`,
      ],
      ["pinned in", store.name],
      ...(options.withModel
        ? [["and with it", `the model itself, ${formatBytes(built.metadata.provenance.model?.size ?? 0)}`]]
        : []),
      ...(await quotePins(built, store)).map((quote) => ["storage cost", quote]),
    ]),
  );
  if (options.maxCost !== undefined && plan.worstCost > options.maxCost) {
    const text = `The mint may cost ${formatEther(plan.worstCost)} ether, more than MAX_COST=${formatEther(options.maxCost)}.`;
    throw new ProvenanceError("COST_TOO_HIGH", text);
  }
  if (needsAnswer(options, connection)) await confirm(terminal, "Pin and mint?");
}

async function leaveClaim(
  path: string,
  { model, built }: PreparedModel,
  minted: MintedModel,
  { registry, store }: { readonly registry: Registry; readonly store: ContentStore },
  terminal: Terminal,
): Promise<void> {
  const copies = minted.uri === built.uri ? (store.copiesOf?.(built.block.cid) ?? []) : [];
  const claim: Claim = {
    schemaVersion: "1.0",
    registry: `eip155:${registry.chainId}:${registry.address}`,
    tokenId: toHex32(minted.tokenId),
    metadataURI: minted.uri,
    ignorePaths: [...model.ignorePaths],
    ...(copies.length > 0 && { metadataCopies: [...copies] }),
  };
  try {
    await writeClaim(path, claim);
    terminal.note(`left the claim ${printable(path)}`);
  } catch (error) {
    terminal.warn(`The model is minted, but its claim could not be written: ${(error as Error).message}`);
  }
}

function printMinted(
  { tokenId, uri, record, transaction }: MintedModel,
  { built }: PreparedModel,
  registry: Registry,
  options: MintOptions,
  terminal: Terminal,
): void {
  const id = toHex32(tokenId);
  if (options.format === "json") {
    const { owner, creator } = record;
    const sent = transaction && {
      transactionHash: transaction.transactionHash,
      blockNumber: transaction.blockNumber,
      gasUsed: Number(transaction.gasUsed),
    };
    const result = { chainId: Number(registry.chainId), registry: registry.address, tokenId: id, uri, owner, creator };
    terminal.print(
      JSON.stringify(
        { schemaVersion: "1.0", existing: transaction === undefined, ...result, transaction: sent },
        null,
        2,
      ),
    );
    return;
  }
  const how = transaction
    ? `minted in block ${transaction.blockNumber} for ${transaction.gasUsed} gas (transaction ${transaction.transactionHash})`
    : "minted already with the same metadata: nothing was sent";
  terminal.print(`${printable(built.metadata.name)}: ${how}`);
  terminal.print(
    table([
      ["token", id],
      ["metadata", uri],
      ["creator", record.creator],
      ["owner", record.owner],
    ]),
  );
}

import type { Signer } from "ethers";
import type { ContractCall } from "../../publish/sending/sending.ts";
import type { Registry } from "../../registry/registry.ts";
import { explorerLinks } from "../../registry/networks.ts";
import { describeNodeHealth } from "../../registry/node-health.ts";
import { toHex32 } from "../../base/hex.ts";
import { chooseClaimPath } from "../../model/claim.ts";
import type { PinProgress } from "../../publish/pin-metadata.ts";
import type { PublishRequest } from "../../publish/prepare-model.ts";
import { type RehearsedResult, rehearseBatch } from "../../publish/rehearse-batch.ts";
import { type PublishModelContext, type PublishedModel, publishModel } from "../../publish/publish-model.ts";
import { type ChainConnection, connectRegistry, connectSigner } from "../chain-connection.ts";
import { confirmPlan } from "../confirm-plan.ts";
import { ProposalEnd, describeProposal, writeProposal } from "../contract-account.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { leaveClaim } from "../leave-claim.ts";
import { openReading } from "../open-gateways.ts";
import { openState } from "../open-state.ts";
import { openPinningStore } from "../open-stores.ts";
import type { OptionValues, Options } from "../options.ts";
import { needsAnswer, toSending } from "../plan.ts";
import { printDryRun, toPublishRequest } from "../publish-options.ts";
import { withResumeHint } from "../resume.ts";
import { warnOfUnlisted } from "../warn-of-unlisted.ts";
import { type Terminal, confirm, followBytes, printable, table } from "../terminal.ts";

/** Hashes a model, signs and pins its metadata and mints its token, from wherever an earlier run stopped. Prints the token. */
export async function runMint(options: Options, connection: ChainConnection, terminal: Terminal): Promise<ExitCode> {
  const context = await openPublishing(options, connection, terminal);
  const request = toPublishRequest(options, await context.signer.getAddress());
  await warnOfUnlisted(options, context.signer, context.registry.chainId, terminal);
  if (options.dryRun) return rehearseMint(request, context, options, terminal);
  return publishAndPrint(request, context, options, terminal).catch((error: unknown) => {
    if (!(error instanceof ProposalEnd) || options.calldataOut === undefined) throw error;
    const { calldataOut } = options;
    if (options.format === "json")
      terminal.print(JSON.stringify({ schemaVersion: "1.0", calldata: calldataOut }, null, 2));
    else terminal.print(describeProposal(calldataOut));
    return EXIT.done;
  });
}

async function publishAndPrint(
  request: PublishRequest,
  context: PublishModelContext,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const state = openState(options, [request.modelPath]);
  let claimPath: string | undefined;
  const published = await withResumeHint(options, terminal, async (begin) =>
    followBytes(terminal, options.format, async ({ end, ...progress }) => {
      const onHashed: PublishModelContext["onHashed"] = async (model) => {
        end?.();
        claimPath = await chooseClaim(options, model);
        begin();
      };
      const publish = async (pinning: PinProgress) =>
        publishModel(request, { ...context, ...progress, pinning, state, onHashed });
      return followBytes(terminal, options.format, publish, "pinning the model");
    }),
  );
  if (claimPath !== undefined) await leaveClaim(claimPath, published, context, terminal);
  printMinted(published, context.registry, options, terminal);
  return EXIT.done;
}

/** Shows what publishing a model would do, and does nothing of it. */
async function rehearseMint(
  request: PublishRequest,
  context: PublishModelContext,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const onHashed = async (model: PublishedModel["prepared"]["model"]) => void (await chooseClaim(options, model));
  const { results, cost } = await followBytes(terminal, options.format, async ({ end, ...progress }) =>
    rehearseBatch([request], { ...context, ...progress, onHashed: async (model) => (end?.(), onHashed(model)) }),
  );
  const [result] = results as [RehearsedResult];
  if (result.status === "failed") throw result.error;
  const { built, model } = result.prepared;
  if (result.status === "to-mint") terminal.note(`would pin ${built.uri} and mint token ${model.modelDigest}`);
  else terminal.note(`token ${model.modelDigest} is minted already with the same metadata: nothing would be sent`);
  printDryRun(built, options.format, terminal, cost);
  return EXIT.done;
}

/** Opens all that publishing needs: store, account, registry. Nothing is sent or written. */
export async function openPublishing(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<PublishModelContext> {
  if (needsAnswer(options, connection) && !terminal.interactive) await confirm(terminal, "");
  const store = await openPinningStore(options, connection.chainId, terminal);
  const reading = openReading(options, connection.chainId, store, terminal);
  const signer = await connectSigner(connection, options);
  const registry = await connectRegistry(connection, options, signer);
  const warnings = await describeNodeHealth(connection.provider, connection.chainId, Date.now());
  warnings.forEach((warning) => terminal.warn(warning));
  return {
    registry,
    signer,
    store,
    reading,
    warn: terminal.warn,
    onWait: terminal.note,
    onSent: (hash) => terminal.note(`sent transaction ${hash}`),
    confirm: async (plan) => confirmPlan(plan, { registry, store }, options, connection, terminal),
    sending: toSending(options),
    ...(options.mintTo !== undefined && { to: options.mintTo }),
    ...(options.calldataOut !== undefined && { propose: proposeTo(options.calldataOut, signer, connection) }),
  };
}

/** Writes the call instead of sending it. */
function proposeTo(path: string, signer: Signer, connection: ChainConnection) {
  return async (call: ContractCall): Promise<never> => {
    await writeProposal(path, call, connection, { account: await signer.getAddress(), name: "mint" });
    throw new ProposalEnd();
  };
}

/** Where the claim of a model goes; undefined: none is left. Errors as `chooseClaimPath`. */
export async function chooseClaim(
  { claimFile }: OptionValues<"claimFile">,
  { path, kind }: PublishedModel["prepared"]["model"],
): Promise<string | undefined> {
  return claimFile === false ? undefined : chooseClaimPath(path, kind);
}

/** Pages of the network's explorer, where it has one. */
function explorerRows(
  { chainId, address }: Registry,
  tokenId: bigint,
  transactionHash: string | undefined,
): string[][] {
  const links = [
    explorerLinks.token(chainId, address, tokenId),
    transactionHash === undefined ? undefined : explorerLinks.transaction(chainId, transactionHash),
  ];
  return links.flatMap((link) => (link === undefined ? [] : [["explorer", link]]));
}

function printMinted(
  { minted, prepared }: PublishedModel,
  registry: Registry,
  options: Options,
  terminal: Terminal,
): void {
  const { uri, record, transaction } = minted;
  const id = toHex32(minted.tokenId);
  if (options.format === "json") {
    const { owner, creator } = record;
    const sent = transaction && {
      transactionHash: transaction.transactionHash,
      blockNumber: transaction.blockNumber,
      gasUsed: Number(transaction.gasUsed),
    };
    const result = { chainId: Number(registry.chainId), registry: registry.address, tokenId: id, uri, owner, creator };
    const existing = transaction === undefined;
    terminal.print(JSON.stringify({ schemaVersion: "1.0", existing, ...result, transaction: sent }, null, 2));
    return;
  }
  const how = transaction
    ? `minted in block ${transaction.blockNumber} for ${transaction.gasUsed} gas (transaction ${transaction.transactionHash})`
    : "minted already with the same metadata: nothing was sent";
  terminal.print(`${printable(prepared.built.metadata.name)}: ${how}`);
  terminal.print(
    table([
      ["token", id],
      ["metadata", uri],
      ["creator", record.creator],
      ["owner", record.owner],
      ...explorerRows(registry, minted.tokenId, transaction?.transactionHash),
    ]),
  );
}

import { lstat, writeFile } from "node:fs/promises";
import { readChainTime, refused, resolveMoment } from "../../registry/standing.ts";
import { formatVoucherFile } from "../../publish/voucher-file.ts";
import { type MintVoucher, type SignedVoucher, hashVoucher } from "../../publish/voucher.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { issueVoucher } from "../../publish/issue-voucher.ts";
import { quotePins } from "../../publish/pin-metadata.ts";
import { type PreparedModel, prepareModel } from "../../publish/prepare-model.ts";
import type { ContentStore } from "../../content/content-store.ts";
import { assertOutside } from "../assert-outside.ts";
import { type ChainConnection, describeNetwork } from "../chain-connection.ts";
import {
  type ChangeSession,
  type Consequences,
  DryRunEnd,
  consequenceRows,
  openChange,
  printDocument,
} from "../change-registry.ts";
import { needsAnswer } from "../plan.ts";
import { isoTime } from "../describe-time.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { openPinningStore } from "../open-stores.ts";
import { type Options, required } from "../options.ts";
import { toPublishRequest } from "../publish-options.ts";
import { type Terminal, confirm, followBytes, table } from "../terminal.ts";
import type { Moment } from "../../base/values.ts";

/** Hashes a model, pins its metadata and signs a voucher with which somebody else mints it. Writes the voucher's file. */
export async function runVoucherCreate(
  options: Options,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const [to, moment] = [required(options, "mintTo"), required(options, "deadline")];
  const path = required(options, "outputPath");
  await assertOutside(path, required(options, "modelPath"), "OUTPUT_PATH");
  await assertFree(path);
  const session = await openChange(options, connection, terminal);
  const { registry, signer, from } = session;
  const store = await openPinningStore(options, connection.chainId, terminal);
  const terms = { to, deadline: await resolveDeadline(session, moment) };
  const context = { registry, signer, store, warn: terminal.warn };
  const prepared = await followBytes(terminal, options.format, async (progress) =>
    prepareModel(toPublishRequest(options, from), { ...context, ...progress }),
  );
  const means = describeVoucher(prepared, terms, from);
  let voucher: MintVoucher | undefined;
  const ask = async (told: MintVoucher) => {
    voucher = told;
    await confirmVoucher(session, means, prepared, store);
  };
  try {
    await write(path, await issueVoucher(prepared, { ...context, ...terms, confirm: ask }));
  } catch (error) {
    if (!(error instanceof DryRunEnd)) throw error;
  }
  return report(session, means, prepared, voucher as MintVoucher, path);
}

async function resolveDeadline({ registry }: ChangeSession, moment: Moment): Promise<bigint> {
  const [deadline, now] = [await resolveMoment(registry, moment), await readChainTime(registry)];
  if (deadline > now) return deadline;
  throw refused(`a voucher until ${isoTime(deadline)} is expired; the newest block is of ${isoTime(now)}`);
}

async function confirmVoucher(
  { connection, registry, from, options, terminal }: ChangeSession,
  means: Consequences,
  { built }: PreparedModel,
  store: ContentStore,
): Promise<void> {
  const quotes = (await quotePins(built, store)).map((quote) => ["storage cost", quote]);
  const place = [
    ["network", describeNetwork(connection)],
    ["registry", registry.address],
    ["signer", from],
    ["cost", "no gas: nothing is sent to the chain"],
    ["pinned in", store.name],
  ];
  terminal.note(table([...consequenceRows(means), ...place, ...quotes]));
  if (options.dryRun) throw new DryRunEnd();
  if (needsAnswer(options, connection)) await confirm(terminal, "Pin the metadata and sign the voucher?");
}

function describeVoucher(
  { model, built }: PreparedModel,
  { to, deadline }: Pick<MintVoucher, "to" | "deadline">,
  from: string,
): Consequences {
  return {
    changes: `whoever holds the voucher can record the model ${model.modelDigest} in this registry until ${isoTime(deadline)}, with you, ${from}, as its creator`,
    affects: `${to} gets the token, whoever sends it; ${built.uri} becomes public for ever (${built.block.bytes.length} bytes of metadata)`,
    undo: "with voucher cancel, which is a transaction of yours, until somebody used it; the metadata cannot be withdrawn",
  };
}

function report(
  session: ChangeSession,
  means: Consequences,
  { built }: PreparedModel,
  voucher: MintVoucher,
  path: string,
): ExitCode {
  const { registry, options, terminal } = session;
  const tokenId = toHex32(BigInt(voucher.submission.modelDigest));
  if (options.format === "json") {
    const changed = {
      tokenId,
      to: voucher.to,
      deadline: Number(voucher.deadline),
      voucherHash: hashVoucher(registry, voucher),
      metadataURI: built.uri,
      file: options.dryRun ? null : path,
    };
    printDocument(session, "voucher create", { existing: false, consequences: means, changed });
  } else if (options.dryRun) terminal.print("voucher create: nothing was pinned or signed, as DRY_RUN says");
  else {
    terminal.print(path);
    terminal.note(`a voucher for ${tokenId}, for ${voucher.to} until ${isoTime(voucher.deadline)}. To use it:`);
    terminal.note(
      `  model-provenance voucher redeem ${path} --contract ${registry.address} --chain-id ${registry.chainId}`,
    );
  }
  return EXIT.done;
}

async function assertFree(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats !== undefined) throw taken(path);
}

/** A voucher that is there already may be one that somebody waits for. */
async function write(path: string, signed: SignedVoucher): Promise<void> {
  await writeFile(path, formatVoucherFile(signed), { flag: "wx" }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EEXIST") throw taken(path);
    throw new ProvenanceError("TARGET_FAILED", `The voucher cannot be written to ${path} (${cause.code}).`, { cause });
  });
}

function taken(path: string): ProvenanceError {
  return new ProvenanceError(
    "TARGET_TAKEN",
    `${path} exists already, and is not overwritten. Set OUTPUT_PATH to another file.`,
  );
}

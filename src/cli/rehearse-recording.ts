import { ZeroAddress, id } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { ZERO_DIGEST } from "../base/hex.ts";
import { DEFAULT_BATCH_SIZE } from "../hub/import-models.ts";
import { assertMinter, encodeMint } from "../publish/mint.ts";
import { encodeAnchor } from "../publish/send-anchor.ts";
import { type TransactionCost, estimateTransaction } from "../publish/sending/transaction-cost.ts";
import { callOf } from "../publish/transact.ts";
import type { Registry } from "../registry/registry.ts";
import type { Hex } from "../base/hex.ts";
import { type ChainConnection, connectRegistry, connectSigner } from "./chain-connection.ts";
import { showPlan } from "./confirm-plan.ts";
import { openPinningStore } from "./open-stores.ts";
import type { Options } from "./options.ts";
import { assertWithin } from "./plan.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Shows what recording so many models would take, in a dry run: nothing of them is built, signed, pinned or sent. What
 * cannot be found out is said, and does not end the run.
 *
 * @param count - models that were read; those that the registry holds already would be left alone
 * @throws {ProvenanceError} `COST_TOO_HIGH`
 */
export async function rehearseRecording(
  options: Options,
  connection: ChainConnection,
  count: number,
  terminal: Terminal,
): Promise<void> {
  if (count === 0) return;
  try {
    const store = await openPinningStore(options, connection.chainId, terminal);
    const from = await (await connectSigner(connection, options)).getAddress();
    const registry = await connectRegistry(connection, options);
    await assertMinter(registry, from);
    const cost = await estimateRecording(registry, from, count, options);
    const plan = { ...cost, from, count, records: describeRecords(count, options) };
    await showPlan(plan, { registry, store }, connection, terminal);
    assertWithin(cost.worstCost, options, "The import", connection.chainId);
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code === "COST_TOO_HIGH") throw error;
    terminal.warn(`What recording them would take cannot be said: ${error.message}`);
  }
}

function describeRecords(count: number, { batchSize = DEFAULT_BATCH_SIZE }: Options): string {
  if (count === 1 || batchSize === 1) return count === 1 ? "one model, as a token" : `${count} models, each as a token`;
  const batches = Math.ceil(count / batchSize);
  return `at most ${count} models, in ${batches === 1 ? "one batch" : `${batches} batches`}`;
}

/** A call as long as the ones that will be sent, with other digests. */
async function estimateRecording(
  registry: Registry,
  from: string,
  count: number,
  { batchSize = DEFAULT_BATCH_SIZE, maxFee }: Options,
): Promise<TransactionCost> {
  const isToken = count === 1 || batchSize === 1;
  const calls = isToken ? count : Math.ceil(count / batchSize);
  const digest = (of: string) => id(`a digest of ${of} that is not known yet`) as Hex;
  const batch = { root: digest("a root"), contentDigest: digest("a directory"), count: Math.min(count, batchSize) };
  const submission = {
    modelDigest: digest("a model"),
    manifestRoot: digest("a manifest"),
    weightsDigest: digest("weights"),
    datasetDigest: ZERO_DIGEST,
    metadataDigest: digest("metadata"),
    relation: 0,
    parents: [],
    baseModelDigest: ZERO_DIGEST,
    framework: "a framework and its version",
    license: "LicenseRef-of-a-model",
    performanceMetrics: "",
    version: "",
    royaltyReceiver: ZeroAddress,
    royaltyBasisPoints: 0,
  };
  const data = isToken ? encodeMint(registry, from, submission) : encodeAnchor(registry, batch);
  const limits = maxFee === undefined ? {} : { maxFeePerGas: maxFee };
  const cost = await estimateTransaction(registry.provider, from, callOf(registry, data), limits);
  const times = BigInt(calls);
  return {
    ...cost,
    gas: cost.gas * times,
    ...(cost.dataGas !== undefined && { dataGas: cost.dataGas * times }),
    dataFee: cost.dataFee * times,
    ...(cost.operatorFee !== undefined && { operatorFee: cost.operatorFee * times }),
    worstCost: cost.worstCost * times,
  };
}

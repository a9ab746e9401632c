import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { ImportContext } from "../hub/import-request.ts";
import { type RegistrationKey, createRegistrationReader } from "../hub/read-registrations.ts";
import type { RegistrationFacts } from "../hub/registration.ts";
import { extendRegistrationFile, keyOf, nameOfKey, readRegistrationFile } from "../hub/registration-file.ts";
import { mapInOrder } from "../base/concurrency.ts";
import type { Spool } from "../hub/spool.ts";
import type { RecordPlan } from "../publish/record-plan.ts";
import { showPlan } from "./confirm-plan.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type ChainConnection, connectRegistry, connectSigner } from "./chain-connection.ts";
import { withIndexer } from "./open-indexer.ts";
import type { Options } from "./options.ts";
import { openReading } from "./open-gateways.ts";
import { openPinningStore } from "./open-stores.ts";
import { assertWithin, toSending } from "./plan.ts";
import { type Terminal, confirm } from "./terminal.ts";

/** Where an import records, and how it is asked before. */
export interface RecordingTarget {
  readonly recording: NonNullable<ImportContext["recording"]>;
  readonly registry: Registry;
  readonly reading: BlockSource;
  /** What was spent at most so far, in wei. */
  readonly spent: () => bigint;
}

const READ_AT_A_TIME = 8;

/** Opens registry, account and store for an import. Errors as each of them. */
export async function openRecording(
  options: Options,
  connection: ChainConnection,
  spool: Spool,
  needsAnswer: boolean,
  terminal: Terminal,
): Promise<RecordingTarget> {
  const store = await openPinningStore(options, connection.chainId, terminal);
  const reading = openReading(options, connection.chainId, store, terminal);
  const signer = await connectSigner(connection, options);
  const registry = withIndexer(await connectRegistry(connection, options, signer), options, (text) =>
    terminal.warn(text),
  );
  let worst = 0n;
  const ask = async (plan: RecordPlan): Promise<void> => {
    worst += plan.worstCost;
    await showPlan(plan, { registry, store }, connection, terminal);
    assertWithin(worst, options, "The import", connection.chainId);
    if (needsAnswer) await confirm(terminal, "Pin and record?");
  };
  const onSent = (hash: string) => terminal.note(`sent transaction ${hash}`);
  return {
    registry,
    reading,
    spent: () => worst,
    recording: {
      registry,
      signer,
      store,
      reading,
      spool,
      sending: toSending(options),
      confirm: ask,
      onSent,
    },
  };
}

/** A chain of registrations as it was written. */
export interface WrittenRegistrations {
  readonly path: string;
  readonly entries: number;
  /** The hash of its transaction, by the `nameOfKey` of a registration. */
  readonly transactions: ReadonlyMap<string, string | null>;
}

/** Adds what is recorded to the chain of registrations. What cannot be read back is left out, and said. */
export async function writeRegistrations(
  path: string,
  keys: readonly RegistrationKey[],
  { registry, reading }: RecordingTarget,
  terminal: Terminal,
): Promise<WrittenRegistrations> {
  const reader = createRegistrationReader(registry, reading);
  const existing = await readRegistrationFile(path);
  const transactions = new Map<string, string | null>();
  for (const entry of existing ?? []) {
    const key = keyOf(entry);
    if (key !== undefined) transactions.set(nameOfKey(key), entry.transaction.hash);
  }
  const missing = keys.filter((key) => !transactions.has(nameOfKey(key)));
  async function* facts(): AsyncGenerator<RegistrationFacts, void> {
    const read = async (key: RegistrationKey) => {
      const fact = await reader.read(key).catch((error: unknown) => sayWhy(key, error));
      if (fact !== undefined) transactions.set(nameOfKey(key), fact.transaction.hash);
      return fact;
    };
    for await (const fact of mapInOrder(missing, READ_AT_A_TIME, read)) if (fact !== undefined) yield fact;
  }
  const sayWhy = (key: RegistrationKey, error: unknown): undefined => {
    if (!(error instanceof ProvenanceError)) throw error;
    terminal.warn(`${path} leaves out the model ${key.modelDigest}: ${error.message}`);
    return undefined;
  };
  const entries = await extendRegistrationFile(path, existing, await reader.genesis(), facts());
  return { path, entries, transactions };
}

import { HDNodeWallet, Wallet } from "ethers";
import { type Registry, openRegistry } from "../../src/registry/registry.ts";
import type { Clock, SendingOptions } from "../../src/publish/sending/sending.ts";
import type { MintContext } from "../../src/publish/mint-context.ts";
import type { RecordPlan } from "../../src/publish/record-plan.ts";
import { type BatchResult, type PublishBatchContext, publishBatch } from "../../src/publish/publish-batch.ts";
import { type PublishedModel, publishModel } from "../../src/publish/publish-model.ts";
import type { PublishRequest } from "../../src/publish/prepare-model.ts";
import { openStateFolder } from "../../src/publish/journal/state-folder.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { deployModelProvenance, ethers, provider } from "./deploy-model-provenance.ts";

const MNEMONIC = "test test test test test test test test test test test junk";

/** The key of one of a development chain's accounts, by its place. */
export function developmentWallet(place: number): Wallet {
  return new Wallet(HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${place}`).privateKey);
}

/** A registry of the in-process chain whose minter signs with its own key. */
export async function deployForPublishing() {
  const { registry: contract, ...accounts } = await deployModelProvenance();
  const wallet = developmentWallet(2).connect(ethers.provider);
  const registry = await openRegistry(ethers.provider, await contract.getAddress(), wallet);
  return { ...accounts, contract, wallet, registry };
}

/** Time that passes only while somebody sleeps; each sleep does the next of some things first. */
export function steppedClock(steps: readonly (() => Promise<unknown>)[] = []): Clock {
  let now = 0;
  const left = [...steps];
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
      await left.shift()?.();
    },
  };
}

/** Publishes with a state and a store in a folder, and tells what happened on the way. */
export function publisher(registry: Registry, signer: MintContext["signer"], folder: string) {
  const store = new LocalStore(`${folder}/store`);
  return async (request: Partial<PublishRequest> & { modelPath: string }, options: SendingOptions = {}) => {
    const warnings: string[] = [];
    const sent: string[] = [];
    const plans: RecordPlan[] = [];
    const publishing = publishModel(
      { statements: { license: "MIT" }, ...request },
      {
        registry,
        signer,
        store,
        state: openStateFolder(`${folder}/state`),
        warn: (text) => void warnings.push(text),
        onSent: (hash) => void sent.push(hash),
        confirm: async (plan) => void plans.push(plan),
        sending: { clock: steppedClock(), ...options },
      },
    );
    const result = await publishing.then(
      (published: PublishedModel) => ({ ...published, error: undefined }),
      (error: Error & { code?: string }) => ({ minted: undefined, prepared: undefined, error }),
    );
    return { ...result, warnings, sent, plans };
  };
}

/** Calls a method of the in-process chain. */
export async function rpc(method: string, ...params: unknown[]): Promise<unknown> {
  return provider.request({ method, params });
}

/** Publishes lists with a state and a store in a folder, and tells what happened on the way. */
export function batchPublisher(registry: Registry, signer: MintContext["signer"], folder: string) {
  const store = new LocalStore(`${folder}/store`);
  return async (
    requests: readonly (Partial<PublishRequest> & { modelPath: string })[],
    { confirm, ...options }: SendingOptions & Partial<Pick<MintContext, "confirm">> = {},
  ) => {
    const sent: string[] = [];
    const plans: RecordPlan[] = [];
    const told: number[] = [];
    const context: PublishBatchContext = {
      registry,
      signer,
      store,
      state: openStateFolder(`${folder}/state`),
      warn: () => undefined,
      onSent: (hash) => void sent.push(hash),
      confirm: async (plan) => {
        plans.push(plan);
        await confirm?.(plan);
      },
      sending: { clock: steppedClock(), ...options },
      onResult: async (index) => void told.push(index),
    };
    const all = requests.map((request) => ({ statements: { license: "MIT" }, ...request }));
    const ended = await publishBatch(all, context).then(
      (results) => ({ results, error: undefined }),
      (error: Error & { code?: string }) => ({ results: [] as readonly BatchResult[], error }),
    );
    const statuses = ended.results.map((result) => (result.status === "failed" ? result.error.code : result.status));
    return { ...ended, statuses, sent, plans, told };
  };
}

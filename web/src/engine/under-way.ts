import { signal } from "@preact/signals";
import { openTable } from "../adapters/indexed-table.ts";

/** A call that the wallet was asked for, with all that it takes to follow it in a later visit. */
export interface KeptCall {
  readonly key: string;
  /** CAIP-10 of the registry whose node is asked. */
  readonly registry: string;
  readonly from: string;
  readonly to: string;
  /** 0x-hex. */
  readonly data: string;
  /** Wei, decimal. */
  readonly value: string;
  /** What people call it. */
  readonly label: string;
}

const calls = openTable<KeptCall>("calls-under-way");

/** What an earlier visit sent and did not see mined. */
export const earlierCalls = signal<readonly KeptCall[]>([]);

/** Reads what earlier visits left. */
export async function readEarlierCalls(): Promise<void> {
  earlierCalls.value = await calls.list().catch(() => []);
}

/** Keeps a call before the wallet is asked for it. @returns its key */
export async function keepCall(call: Omit<KeptCall, "key" | "value"> & { readonly value?: bigint }): Promise<string> {
  const { registry, from, to, data, value = 0n, label } = call;
  const key = `${registry}/${from}/${to}/${data}`.toLowerCase();
  await calls.put(key, { key, registry, from, to, data, value: String(value), label });
  return key;
}

/** Forgets a call. */
export async function forgetCall(key: string): Promise<void> {
  await calls.remove(key).catch(() => undefined);
  earlierCalls.value = earlierCalls.value.filter((one) => one.key !== key);
}

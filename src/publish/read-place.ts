import type { Registry } from "../registry/registry.ts";
import type { Hex } from "../base/hex.ts";
import type { StatePlace } from "./journal/publisher-state.ts";

/** What a journal is about. The first block tells a chain that was started again from the one before. */
export async function readPlace({ chainId, address, provider }: Registry): Promise<StatePlace> {
  const first = await provider.getBlock(0).catch(() => null); // Not every node keeps it.
  return { chainId, registry: address, ...(first?.hash && { genesis: first.hash as Hex }) };
}

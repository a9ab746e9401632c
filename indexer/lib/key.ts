interface Emitted {
  readonly log: { readonly address: `0x${string}` };
}

interface EmittedAt extends Emitted {
  readonly log: Emitted["log"] & { readonly logIndex: number };
  readonly block: { readonly number: bigint; readonly timestamp: bigint };
}

interface OnChain {
  readonly chain: { readonly id: number };
}

/** Where an event of a registry is from: what the key of every table of registries begins with. */
export function keyOf(event: Emitted, context: OnChain): { chainId: number; registry: `0x${string}` } {
  return { chainId: context.chain.id, registry: event.log.address };
}

/** Where an event of a market is from, in the same way. */
export function marketOf(event: Emitted, context: OnChain): { chainId: number; market: `0x${string}` } {
  return { chainId: context.chain.id, market: event.log.address };
}

/** Where and when a market said something, in the same way. */
export function placeInMarket(event: EmittedAt, context: OnChain) {
  const { number: block, timestamp: time } = event.block;
  return { ...marketOf(event, context), block, logIndex: event.log.logIndex, time };
}

/** The offer under which a licence was bought: its number begins with it. */
export function offerIdOf(licenseId: bigint): `0x${string}` {
  return `0x${(licenseId >> 32n).toString(16).padStart(46, "0")}`;
}

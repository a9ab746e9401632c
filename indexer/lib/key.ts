/** Where an event is from: what the key of every table begins with. */
export function keyOf(
  event: { readonly log: { readonly address: `0x${string}` } },
  context: { readonly chain: { readonly id: number } },
): { chainId: number; registry: `0x${string}` } {
  return { chainId: context.chain.id, registry: event.log.address };
}

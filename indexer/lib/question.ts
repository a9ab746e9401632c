/** A question that cannot be read, in one sentence. */
export class BadQuestion extends Error {}

/**
 * Reads a token id or a digest: `0x` and up to 64 hex digits, or a decimal number of 256 bits at most.
 *
 * @throws {BadQuestion}
 */
export function readId(text: string | undefined): bigint {
  if (text !== undefined && (/^0x[0-9a-fA-F]{1,64}$/.test(text) || /^\d{1,78}$/.test(text))) {
    const id = BigInt(text);
    if (id < 1n << 256n) return id;
  }
  throw new BadQuestion("A token id is 0x and up to 64 hex digits, or a number.");
}

/** Reads a whole number within bounds. @throws {BadQuestion} */
export function readCount(
  name: string,
  text: string | undefined,
  { least = 1, most, fallback }: { readonly least?: number; readonly most: number; readonly fallback: number },
): number {
  if (text === undefined || text === "") return fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  throw new BadQuestion(`${name} is a number from ${least} to ${most}.`);
}

/** A registry in a question: `eip155:1:0x…`, or none for all of them. @throws {BadQuestion} */
export function readRegistry(text: string | undefined): { chainId: number; address: `0x${string}` } | undefined {
  if (text === undefined || text === "") return undefined;
  const [, chainId, address] = /^eip155:(\d{1,15}):(0x[0-9a-fA-F]{40})$/.exec(text) ?? [];
  if (chainId === undefined || address === undefined) {
    throw new BadQuestion("registry is the CAIP-10 account of one: eip155:1:0x…");
  }
  return { chainId: Number(chainId), address: address.toLowerCase() as `0x${string}` };
}

/** Writes a number of 256 bits as answers do: 0x-hex of 32 bytes. */
export function toHex32(id: bigint | string): `0x${string}` {
  return `0x${BigInt(id).toString(16).padStart(64, "0")}`;
}

/** Writes a registry as answers do, by CAIP-10. */
export function placeOf(chainId: number | bigint | string, registry: string): string {
  return `eip155:${chainId}:${registry}`;
}

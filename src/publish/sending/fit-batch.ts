/** What the first so many of a batch would take: gas, or why they cannot be sent. */
export type Probe = { readonly gas: bigint } | { readonly failure: unknown };

/** How many of a batch fit, and what came of trying one more. */
export interface Fit {
  readonly count: number;
  /** Of that many; zero for none. */
  readonly gas: bigint;
  /** Undefined where all fit. */
  readonly next?: Probe;
}

// Enough for the costs that do not repeat to weigh little.
const SAMPLE = 16;

/**
 * Finds how many of a batch fit into an amount of gas, by trying: a few first, then as many as those lead to expect, then
 * one more or one less. Where all models cost much the same it takes four trials; a large batch is never tried as a whole.
 *
 * @param total - how many there are, at least one
 * @param limit - the most gas
 * @param probe - estimates the first so many; more of them never take less
 */
export async function fitBatch(total: number, limit: bigint, probe: (count: number) => Promise<Probe>): Promise<Fit> {
  let low = { count: 0, gas: 0n };
  let high: { count: number; probe?: Probe } = { count: total + 1 };
  let count = Math.min(SAMPLE, total);
  let step = 1;
  while (high.count - low.count > 1) {
    const result = await probe(count);
    if ("gas" in result && result.gas <= limit) {
      // What the last ones added is what the next ones will.
      const each = (result.gas - low.gas) / BigInt(count - low.count) + 1n;
      low = { count, gas: result.gas };
      count = Math.min(count + Math.max(1, Number((limit - low.gas) / each)), high.count - 1);
    } else {
      high = { count, probe: result };
      count = Math.max(count - step, low.count + 1);
      step *= 2;
    }
  }
  return { ...low, ...(high.probe && { next: high.probe }) };
}

/** A source of numbers in [0, 1), the same sequence for the same seed on every machine. */
export type Random = () => number;

/**
 * Creates a seeded generator (mulberry32). It uses 32-bit integer operations only, which every engine computes alike.
 *
 * @param seed an integer; its low 32 bits count.
 * @returns a function that gives the next multiple of 2^-32 in [0, 1).
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Returns the items in a random order (Fisher–Yates); the input stays as it is. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen]!, shuffled[last]!];
  }
  return shuffled;
}

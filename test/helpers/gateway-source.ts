import { GatewaySource, type GatewaySourceOptions } from "../../src/content/gateways/gateway-source.ts";

/** A source that never really waits; what it would have waited is written down. It asks the next gateway after a failure alone. */
export function openSource(addresses: readonly string[], options: Partial<GatewaySourceOptions> = {}) {
  const warnings: string[] = [];
  const waits: number[] = [];
  const source = new GatewaySource(addresses, {
    warn: (text) => warnings.push(text),
    wait: async (milliseconds) => void waits.push(milliseconds),
    hedge: { idle: 60_000, slow: 60_000 },
    ...options,
  });
  return { source, warnings, waits };
}

/** What an action fails with, in words. */
export async function messageOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "no error",
    (error: Error) => error.message,
  );
}

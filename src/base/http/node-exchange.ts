import type { AddressGuard } from "./address-guard.ts";
import type { Exchange } from "./exchange.ts";
import { request } from "./request.ts";
import { type Send, createAgents } from "./send.ts";

/**
 * Sends requests by Node's client, over connections that nothing else uses.
 *
 * @param guard - decides which machines are connected to
 */
export function openExchange(guard: AddressGuard, maxSockets?: number, send?: Send): Exchange {
  const agents = createAgents(maxSockets);
  return async ({ fresh = false, ...asked }) =>
    request({ ...asked, ...(!fresh && { agents }), guard, ...(send !== undefined && { send }) });
}

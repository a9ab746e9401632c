import { ProvenanceError } from "../base/errors.ts";
import type { RpcSender } from "../verify/export-pack.ts";

/** Sends requests as they are to the node behind a provider. @throws {ProvenanceError} `OPTION_INVALID` where there is none */
export function senderOf(provider: object): RpcSender {
  if (!("send" in provider) || typeof provider.send !== "function") {
    throw new ProvenanceError("OPTION_INVALID", "A pack is exported from a JSON-RPC node. Set RPC_URL.");
  }
  const { send } = provider as { send: RpcSender };
  return async (method, params) => send.call(provider, method, [...params]);
}

import { type BlockSource, GatewaySource, LocalStore, PUBLIC_GATEWAYS, readThrough } from "./library.ts";
import type { Settings } from "./settings.ts";

/** Where documents are read: the local store that is named, then gateways. Every block is checked against its digest. Undefined: nowhere. */
export function openSource(
  { storePath, gateways, chains }: Settings,
  warn: (text: string) => void,
): BlockSource | undefined {
  const isPublic = chains.some(({ isLocal }) => !isLocal);
  const addresses = gateways ?? (isPublic ? PUBLIC_GATEWAYS : []);
  const elsewhere = addresses.length > 0 ? new GatewaySource(addresses, { warn }) : undefined;
  if (storePath === undefined) return elsewhere;
  const store = new LocalStore(storePath);
  return elsewhere === undefined ? store : readThrough(store, elsewhere, { warn });
}

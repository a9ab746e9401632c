import { signal } from "@preact/signals";
import type { WalletProvider } from "model-provenance-nft/core";

/** A wallet that announced itself (EIP-6963). */
export interface Wallet {
  readonly uuid: string;
  /** As it calls itself. */
  readonly name: string;
  readonly provider: WalletProvider;
}

/** The wallets of this browser. None is ever taken that did not announce itself. */
export const wallets = signal<readonly Wallet[]>([]);

interface Announcement {
  readonly info?: { readonly uuid?: unknown; readonly name?: unknown };
  readonly provider?: Partial<WalletProvider>;
}

let isListening = false;

/** Asks the wallets of this browser to announce themselves. */
export function findWallets(): void {
  if (!isListening) addEventListener("eip6963:announceProvider", announce);
  isListening = true;
  dispatchEvent(new Event("eip6963:requestProvider"));
}

function announce(event: Event): void {
  const { info, provider } = ((event as CustomEvent<unknown>).detail ?? {}) as Announcement;
  if (typeof info?.uuid !== "string" || typeof info.name !== "string") return;
  if (typeof provider?.request !== "function") return;
  if (wallets.value.some(({ uuid }) => uuid === info.uuid)) return;
  const wallet = { uuid: info.uuid, name: info.name.slice(0, 60), provider: provider as WalletProvider };
  wallets.value = [...wallets.value, wallet];
}

import { computed, signal } from "@preact/signals";
import { type KeptPolicy, type NamedAccount, readNamedAccounts, readPolicySetting } from "./own-rules.ts";
import { type ConfiguredRegistry, keyOf, parseRegistry, readConfig } from "./registry-setting.ts";

export type { ConfiguredRegistry } from "./registry-setting.ts";

/** What the reader chose, or was given. */
export interface Settings {
  /** Those of the site, then the reader's own. */
  readonly registries: readonly ConfiguredRegistry[];
  /** IPFS gateways, `https://host`, those to ask first in front; none of them is trusted. */
  readonly gateways: readonly string[];
  /** The RPC of a Kubo node on this machine, where the site names one. */
  readonly kubo?: string;
  /** An indexer, which gives candidates and is never believed. */
  readonly indexer?: string;
  /** What the reader calls accounts: keys of an address book, and a name each. */
  readonly publishers: readonly NamedAccount[];
  /** By which a verdict decides besides. */
  readonly policy?: KeptPolicy;
  readonly theme: "auto" | "light" | "dark";
  readonly contrast: "auto" | "more";
}

const STORED = "model-provenance";

interface Own extends Pick<Settings, "theme" | "contrast" | "publishers"> {
  readonly registries: readonly ConfiguredRegistry[];
  readonly gateways?: readonly string[];
  readonly indexer?: string;
  readonly policy?: KeptPolicy | undefined;
}

const NOTHING: Own = { registries: [], publishers: [], theme: "auto", contrast: "auto" };
const site = signal<Pick<Settings, "registries" | "gateways" | "kubo">>({
  registries: [],
  gateways: [],
});
const own = signal<Own>(NOTHING);
const linked = signal<ConfiguredRegistry | undefined>(undefined);

/** The registry that the address of the page names and nobody has agreed to yet. */
export const asked = signal<ConfiguredRegistry | undefined>(undefined);

/** All settings in effect. */
export const settings = computed((): Settings => {
  const all = [...(linked.value ? [linked.value] : []), ...own.value.registries, ...site.value.registries];
  const registries = [...new Map(all.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
  const { gateways = site.value.gateways, indexer, theme, contrast, publishers, policy } = own.value;
  const { kubo } = site.value;
  return {
    registries,
    gateways,
    theme,
    contrast,
    publishers,
    ...(policy !== undefined && { policy }),
    ...(indexer !== undefined && { indexer }),
    ...(kubo !== undefined && { kubo }),
  };
});

/** The registry of the link that was followed, as long as it counts. */
export const linkedRegistry = computed(() => linked.value);

/** Reads what the site names, what the reader kept, and what the address of the page asks for. */
export async function loadSettings(): Promise<void> {
  own.value = { ...NOTHING, ...readStored() };
  showTheme();
  const response = await fetch("./config.json").catch(() => undefined);
  if (response?.ok) site.value = readConfig(await response.json().catch(() => undefined));
  const query = new URLSearchParams(location.search);
  const account = query.get("registry");
  const found = account === null ? undefined : parseRegistry(account, query.get("rpc") ?? "", "link");
  if (found !== undefined && !settings.value.registries.some((one) => keyOf(one) === keyOf(found))) asked.value = found;
}

/** Answers whether the registry of the link counts, until the page is closed. */
export function decideOnLink(accepted: boolean): void {
  linked.value = accepted ? asked.value : undefined;
  asked.value = undefined;
}

/** Lets the registry of the link count no longer. */
export function dropLink(): void {
  linked.value = undefined;
}

/** Adds a registry of the reader's, or replaces the one of the same account. */
export function keepRegistry(registry: ConfiguredRegistry): void {
  change({ registries: [...own.value.registries.filter((one) => keyOf(one) !== keyOf(registry)), registry] });
}

/** Removes a registry that the reader added. */
export function removeRegistry(registry: ConfiguredRegistry): void {
  change({ registries: own.value.registries.filter((one) => keyOf(one) !== keyOf(registry)) });
}

/** Changes other settings. */
export function change(values: Partial<Own>): void {
  own.value = { ...own.value, ...values };
  try {
    localStorage.setItem(STORED, JSON.stringify(withoutSecrets(own.value)));
  } catch {
    // Where nothing may be kept, it counts until the page is closed.
  }
  showTheme();
}

/**
 * What may be kept: pages of other people under the same gateway can read it. The URL of a node may hold a key in its path or query,
 * so that such a URL counts until the page is closed.
 */
function withoutSecrets({ registries, ...rest }: Own): Own {
  const isPlain = (url: string) => {
    const { pathname, search, username, password } = new URL(url, location.href);
    return pathname === "/" && search + username + password === "";
  };
  return { ...rest, registries: registries.map((one) => (isPlain(one.rpcUrl) ? one : { ...one, rpcUrl: "" })) };
}

function readStored(): Partial<Own> {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Own>;
    const { registries } = readConfig({ registries: stored.registries }, "you");
    const texts = (list: unknown) => (Array.isArray(list) ? list.filter((one) => typeof one === "string") : undefined);
    const gateways = texts(stored.gateways);
    const policy = readPolicySetting(stored.policy);
    return {
      registries,
      publishers: readNamedAccounts(stored.publishers),
      ...(policy !== undefined && { policy }),
      ...(gateways !== undefined && { gateways }),
      ...(typeof stored.indexer === "string" && { indexer: stored.indexer }),
      theme: stored.theme === "light" || stored.theme === "dark" ? stored.theme : "auto",
      contrast: stored.contrast === "more" ? "more" : "auto",
    };
  } catch {
    return {};
  }
}

function showTheme(): void {
  const { theme, contrast } = own.value;
  document.documentElement.dataset["theme"] = theme;
  document.documentElement.dataset["contrast"] = contrast;
}

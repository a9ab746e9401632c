/** A registry that is asked. */
export interface ConfiguredRegistry {
  /** What people call it. */
  readonly name: string;
  /** Decimal. */
  readonly chainId: string;
  /** 0x and 40 hex digits. */
  readonly address: string;
  /** Of a JSON-RPC node of its chain; relative to the page where the site serves one. Empty: still to be given. */
  readonly rpcUrl: string;
  /** The block of its deployment: no event is older. */
  readonly startBlock?: number;
  /** Of the market of licences that is used with it: 0x and 40 hex digits. */
  readonly market?: string;
  /** Keccak-256 of its code, where that is not the code of this version and is trusted all the same: 0x and 64 hex digits. */
  readonly codeHash?: string;
  /** Who named it: this site, the reader, or the link that was followed. */
  readonly source: "site" | "you" | "link";
}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const CODE_HASH = /^0x[0-9a-f]{64}$/;
const ACCOUNT = /^eip155:([1-9]\d{0,31}):(0x[0-9a-fA-F]{40})$/;

/** One name for a registry, in whatever case its address is written. */
export function keyOf({ chainId, address }: Pick<ConfiguredRegistry, "chainId" | "address">): string {
  return `eip155:${chainId}:${address}`.toLowerCase();
}

/** Names a registry as CAIP-10 does. */
export function accountOf({ chainId, address }: Pick<ConfiguredRegistry, "chainId" | "address">): string {
  return `eip155:${chainId}:${address}`;
}

/** Whether it may be a market's address: 0x and 40 hex digits. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** Reads a CAIP-10 account and the URL of a node; undefined for what is none. */
export function parseRegistry(
  account: string,
  rpcUrl: string,
  source: ConfiguredRegistry["source"],
  name = "",
): ConfiguredRegistry | undefined {
  const [, chainId, address] = ACCOUNT.exec(account.trim()) ?? [];
  if (chainId === undefined || address === undefined || !isUrl(rpcUrl.trim())) return undefined;
  return { name: name.trim().slice(0, 100), chainId, address, rpcUrl: rpcUrl.trim(), source };
}

/** Reads the registries and gateways of a `config.json`, leniently: what is none is left out. */
export function readConfig(json: unknown, source: ConfiguredRegistry["source"] = "site") {
  const { registries, gateways, kubo } = (json ?? {}) as { registries?: unknown; gateways?: unknown; kubo?: unknown };
  const entries = Array.isArray(registries) ? (registries as Record<string, unknown>[]) : [];
  const found = entries.flatMap((entry): ConfiguredRegistry[] => {
    const { name, chainId, address, rpcUrl, startBlock, codeHash, market } = entry;
    const registry = parseRegistry(
      `eip155:${String(chainId)}:${String(address)}`,
      textOf(rpcUrl),
      source,
      textOf(name),
    );
    if (registry === undefined) return [];
    return [
      {
        ...registry,
        ...(Number.isSafeInteger(startBlock) && { startBlock: startBlock as number }),
        ...(CODE_HASH.test(textOf(codeHash)) && { codeHash: textOf(codeHash) }),
        ...(isAddress(textOf(market)) && { market: textOf(market) }),
      },
    ];
  });
  const urls = Array.isArray(gateways) ? gateways.filter((one) => typeof one === "string" && isUrl(one)) : [];
  return {
    registries: found,
    gateways: urls as readonly string[],
    ...(textOf(kubo) !== "" && isUrl(textOf(kubo)) && { kubo: textOf(kubo) }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isUrl(text: string): boolean {
  return text === "" || (URL.canParse(text, location.href) && /^https?:$/.test(new URL(text, location.href).protocol));
}

import type { Signer } from "ethers";
import type { Registry } from "../registry/registry.ts";
import type { AuditLog } from "./audit.ts";
import type { ServedFile } from "./served-model.ts";

/** How long and how much; times in milliseconds. */
export interface GateLimits {
  /** How long a session lasts. */
  readonly sessionLifetime: number;
  /** How long a nonce may be used, and how old a message may be. */
  readonly nonceLifetime: number;
  /** How long the chain's answer counts. */
  readonly accessLifetime: number;
  /** From one account, or one address where nobody is signed in. */
  readonly requestsPerMinute: number;
  /** Nonces and sign-ins, from one address. */
  readonly signInsPerMinute: number;
  /** Of all headers of a request together. */
  readonly headerBytes: number;
  /** How long a client may take to send its headers. */
  readonly headersTimeout: number;
  /** How long a client may take to send all of a request. */
  readonly requestTimeout: number;
  /** How long nothing may pass on a connection. */
  readonly idleTimeout: number;
  /** How often slow connections are looked for. */
  readonly checkInterval: number;
  /** Of the body of a request to the endpoint. */
  readonly bodyBytes: number;
  /** How long the endpoint may take to begin its answer, or to go on. */
  readonly upstreamTimeout: number;
  /** At the same time. */
  readonly connections: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MIB = 1024 * 1024;

/** What holds unless something else is said. */
export const DEFAULT_LIMITS: GateLimits = {
  sessionLifetime: 60 * MINUTE,
  nonceLifetime: 5 * MINUTE,
  accessLifetime: 5 * SECOND,
  requestsPerMinute: 600,
  signInsPerMinute: 30,
  headerBytes: 16 * 1024,
  headersTimeout: 10 * SECOND,
  requestTimeout: 2 * MINUTE,
  idleTimeout: MINUTE,
  checkInterval: SECOND,
  bodyBytes: 16 * MIB,
  upstreamTimeout: 5 * MINUTE,
  connections: 10_000,
};

/** An inference endpoint behind the gate. */
export interface Upstream {
  readonly url: URL;
  /** What it wants to see in its Authorization header; a client's session never gets there. */
  readonly authorization?: string;
}

/** What a gate serves, to whom, and how. */
export interface GateOptions {
  /** Where users reach the gate: origin and path, without a slash at the end. Asked when the gate listens. */
  readonly publicUrl: () => string;
  readonly registry: Pick<Registry, "address" | "chainId" | "provider">;
  readonly tokenId: bigint;
  /** Whether an account may use the model at this moment. */
  readonly ask: (account: string) => Promise<boolean>;
  readonly files?: ReadonlyMap<string, ServedFile>;
  readonly upstream?: Upstream;
  /** Who signs receipts of the endpoint's answers; none are given when left out. */
  readonly receiptSigner?: Signer;
  readonly audit: AuditLog;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  readonly limits?: Partial<GateLimits>;
  /** Proxies whose X-Forwarded-For is believed: addresses and networks. */
  readonly trustedProxies?: readonly string[];
}

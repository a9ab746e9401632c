import { failureOfConnection, failureOfStatus, type HttpService } from "../../../base/http/http-failure.ts";
import { type HttpLimits, timeoutFor } from "../../../base/http/http-client.ts";
import { watchRetryAfter } from "../../../base/http/retry-after-watch.ts";
import { throwIfInterrupted } from "../../../base/http/retry.ts";

/** Where Pinata is, unless told otherwise. */
export const PINATA_URLS = {
  api: "https://api.pinata.cloud/v3",
  upload: "https://uploads.pinata.cloud/v3",
  gateway: "https://gateway.pinata.cloud",
} as const;

/** Pinata as errors speak of it. */
export function pinataService(jwt: string): HttpService {
  return { name: "Pinata", secrets: [jwt], advise: (status) => ADVICE[status] };
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "It does not know the key: check PINATA_JWT. It takes the JWT, not the API key or its secret.",
  402: "The account's plan does not cover this: see its billing page.",
  403: "The key lacks a scope. Make one with Files: Write and Files: Read, and set PINATA_JWT.",
  413: "The content is larger than the account's plan takes. Use another plan, or another store.",
};

/**
 * Does something by the vendor's package, once, and makes its failures ours. The package cannot be stopped: after a
 * timeout or an interruption its request runs on without us until the service ends it.
 *
 * @param urls - of the service, whose wishes to wait are heeded
 * @param bytes - that are sent: the time allowed grows with them
 * @throws {TransientFailure} for what may pass
 * @throws {ProvenanceError} `STORE_REFUSED`, `INTERRUPTED`
 */
export async function callPinata<T>(
  service: HttpService,
  urls: readonly string[],
  limits: HttpLimits,
  work: () => Promise<T>,
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const origins = urls.map((url) => new URL(url).origin);
  const timeout = AbortSignal.timeout(timeoutFor(bytes, limits));
  const stop = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  const outcome = await watchRetryAfter(origins, limits.now ?? Date.now, async () => untilStopped(work(), stop));
  if ("value" in outcome) return outcome.value;
  throwIfInterrupted(signal);
  const { error, retryAfter } = outcome;
  const { statusCode, details, message } = error as Error & { statusCode?: number; details?: { error?: string } };
  if (statusCode !== undefined && statusCode >= 400) {
    throw failureOfStatus(service, statusCode, details?.error ?? message, retryAfter);
  }
  // A body that was cut short ends here as well: the package says that it is no JSON.
  throw failureOfConnection(service, error);
}

/** Tells whether an upload may go to an address that the service named: its own host, or Pinata's own domain. */
export function isPinataUpload(url: URL, uploadUrl: URL): boolean {
  if (url.origin === uploadUrl.origin) return true;
  const own = (host: string) => host.endsWith(".pinata.cloud");
  return url.protocol === "https:" && own(url.hostname) && own(uploadUrl.hostname);
}

async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onStop = () => reject(stop.reason as Error);
    if (stop.aborted) onStop();
    stop.addEventListener("abort", onStop, { once: true });
    work.then(resolve, reject).finally(() => stop.removeEventListener("abort", onStop));
  });
}

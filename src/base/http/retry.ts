import { ProvenanceError } from "../errors.ts";

/** Waits some milliseconds; rejects as soon as the signal says to stop. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;

/** How often something is tried, and how long is waited between. */
export interface RetryOptions {
  /** Tries in all, 5 unless given. */
  readonly attempts?: number;
  /** The longest pause that a service may ask for, in milliseconds; 120 000 unless given. */
  readonly maxWait?: number;
  readonly wait?: Wait;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const MAX_WAIT = 120_000;
const ATTEMPTS = 5;

/** A failure that may pass. {@link withRetries} tries again, and throws what it holds when that was to no avail. */
export class TransientFailure extends Error {
  readonly failure: ProvenanceError;
  /** The pause the service asked for, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(failure: ProvenanceError, retryAfter?: number) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.retryAfter = retryAfter;
  }
}

/**
 * Tries something until it succeeds: again after a {@link TransientFailure}, with pauses that double, or as long as the
 * service asked for.
 *
 * @param attempt - gets the number of the try, from 1
 * @throws {ProvenanceError} the last failure; `INTERRUPTED`
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  options: RetryOptions = {},
  signal?: AbortSignal,
): Promise<T> {
  const { attempts = ATTEMPTS, maxWait = MAX_WAIT, wait = waitFor } = options;
  for (let number = 1; ; number++) {
    throwIfInterrupted(signal);
    try {
      return await attempt(number);
    } catch (error) {
      throwIfInterrupted(signal);
      if (!(error instanceof TransientFailure)) throw error;
      if (number >= attempts) throw error.failure;
      const pause = error.retryAfter ?? Math.min(FIRST_PAUSE * 2 ** (number - 1), LONGEST_PAUSE);
      if (pause > maxWait) throw waitTooLong(error.failure, pause, maxWait);
      await wait(pause, signal).catch(() => throwIfInterrupted(signal));
    }
  }
}

/** Stops where the user asked for it. @throws {ProvenanceError} `INTERRUPTED` */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ProvenanceError("INTERRUPTED", "Interrupted. Run again: what is stored already is not sent twice.");
}

/** Reads for somebody who may give it up, and then wants the reason of their own signal. */
export async function untilGivenUp<T>(signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Waits by the clock of this machine. */
export const waitFor: Wait = async (milliseconds, signal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });

/**
 * Reads a `Retry-After` header: seconds, or a date.
 *
 * @param now - milliseconds since 1970
 * @returns milliseconds from now on; undefined where it says nothing
 * @see RFC 9110, section 10.2.3
 */
export function readRetryAfter(header: string | null | undefined, now: number): number | undefined {
  if (header === null || header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function waitTooLong(failure: ProvenanceError, pause: number, maxWait: number): ProvenanceError {
  const asked = `It asks to wait ${Math.ceil(pause / 1000)} s, longer than the ${maxWait / 1000} s that we wait: run again later.`;
  return new ProvenanceError(failure.code, `${failure.message} ${asked}`, { cause: failure });
}

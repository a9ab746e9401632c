import { ProvenanceError } from "./errors.ts";

/** A time after which searches are given up that nobody has to wait for. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** Begins a deadline. */
export function startDeadline(ms: number): Deadline {
  return { signal: AbortSignal.timeout(ms), ms };
}

/**
 * Waits for an answer until the deadline. What is under way goes on where it cannot be stopped; nobody waits for it.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` when the time is over
 */
export async function within<T>({ signal, ms }: Deadline, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw overdue(ms);
  let stop: (() => void) | undefined;
  const end = new Promise<never>((_, reject) => {
    stop = () => reject(overdue(ms));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), end]);
  } catch (error) {
    // A source that was told to give up throws the signal's reason.
    throw signal.aborted && !(error instanceof ProvenanceError) ? overdue(ms) : error;
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}

function overdue(ms: number): ProvenanceError {
  return new ProvenanceError("CHAIN_UNREACHABLE", `There was no answer within ${ms / 1000} seconds.`);
}

/** Called with the number of bytes read since the last call. */
export type ByteProgress = (bytes: number) => void;

/**
 * Work on a file in steps: after each it tells how many bytes it read, and a thread can do something else; at the end it
 * returns what it found. Whoever stops early must call `return`, which closes the file.
 */
export type Steps<Result> = Generator<number, Result>;

/** Takes all steps at once. @param onBytes - called after each with the bytes it read */
export function runSteps<Result>(steps: Steps<Result>, onBytes: ByteProgress): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    onBytes(step.value);
  }
}

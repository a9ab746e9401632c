/** What a body may be. */
export interface BodyBounds {
  readonly maxBytes: number;
  /** How long nothing may come. */
  readonly idleMilliseconds: number;
}

/**
 * Reads a body whole.
 *
 * @param tooLarge - makes the error for a body of more than `maxBytes`
 * @throws what `tooLarge` makes; the connection's own error, for a body that breaks off or stalls
 */
export async function readBounded(response: Response, bounds: BodyBounds, tooLarge: () => Error): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamBounded(response, bounds, tooLarge)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Hands a body on as it comes, within its bounds. Errors as {@link readBounded}. */
export function streamBounded(
  response: Response,
  bounds: BodyBounds,
  tooLarge: () => Error,
): ReadableStream<Uint8Array> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  let size = 0;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = reader && (await inTime(reader.read(), bounds.idleMilliseconds).catch(giveUp));
      if (next?.value === undefined) return controller.close();
      size += next.value.length;
      if (size > bounds.maxBytes) giveUp(tooLarge());
      controller.enqueue(next.value);
    },
    cancel: async (reason) => reader?.cancel(reason),
  });

  function giveUp(error: unknown): never {
    void reader?.cancel(error).catch(() => undefined);
    throw error;
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${milliseconds / 1000} seconds`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

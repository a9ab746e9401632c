/** What an indexer does instead of answering as it should. */
export type Behaviour = { readonly kind: "json"; readonly value: unknown } | { readonly kind: Misconduct };
/** What is no answer at all. */
export type Misconduct = (typeof MISCONDUCT)[number];

/** All of it. */
export const MISCONDUCT = ["silent", "endless", "stalled", "refused", "broken", "redirected", "not json"] as const;
/** What a client that is tried allows: milliseconds, and bytes. */
export const TIMEOUT = 20;
export const MAX_BYTES = 64 * 1024;
const GIB = 1024 ** 3;

/** A fetch that behaves so; counts the bytes that were taken from it. */
export function behave(behaviour: Behaviour, taken: { bytes: number }): typeof fetch {
  const endless = (pauseAfter: number) => {
    let sent = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (sent >= pauseAfter) return new Promise(() => undefined);
          if (sent >= GIB) return controller.close();
          const chunk = new Uint8Array(16 * 1024).fill(32);
          sent += chunk.length;
          taken.bytes += chunk.length;
          controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
  };
  return async (_url, init) => {
    switch (behaviour.kind) {
      case "json":
        return Response.json(behaviour.value);
      case "silent":
        return new Promise((_, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
        });
      case "endless":
        return new Response(endless(Infinity));
      case "stalled":
        return new Response(endless(16 * 1024));
      case "refused":
        return new Response("no", { status: 500 });
      case "redirected":
        throw new TypeError("unexpected redirect");
      case "broken":
        throw new TypeError("fetch failed");
      case "not json":
        return new Response("<html>");
    }
  };
}

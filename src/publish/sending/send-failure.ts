import { REFUSAL_CODES, REFUSAL_WORDS, type Refusal } from "./refusal-words.ts";

/** What it means that a broadcast failed. An error is no refusal: what is not known to be one says nothing. */
export type SendFailure = Refusal | "unknown";

interface Layers {
  readonly code?: unknown;
  readonly shortMessage?: unknown;
  readonly message?: unknown;
  readonly error?: unknown;
  readonly info?: { readonly error?: unknown };
  readonly cause?: unknown;
}

/** Sorts the failure of a broadcast. */
export function classifySendFailure(error: unknown): SendFailure {
  const layers = layersOf(error);
  // The long message of ethers holds the whole request.
  const text = layers
    .map(({ code, shortMessage, message }) => `${String(code)} ${String(shortMessage ?? message)}`)
    .join("\n");
  for (const { meaning, words } of REFUSAL_WORDS) if (words.test(text)) return meaning;
  return layers.some(({ code }) => typeof code === "number" && REFUSAL_CODES.has(code)) ? "refused" : "unknown";
}

function layersOf(error: unknown): Layers[] {
  const layers: Layers[] = [];
  let layer = error as Layers | undefined;
  for (let depth = 0; depth < 5 && typeof layer === "object" && layer !== null; depth++) {
    layers.push(layer);
    layer = (layer.error ?? layer.info?.error ?? layer.cause) as Layers | undefined;
  }
  return layers;
}

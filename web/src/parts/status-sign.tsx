import { type BoxKind, MARKS } from "model-provenance-nft/core";

/** The mark of a status: a shape of its own beside its colour. Its word stands beside it, or is read aloud. */
export function StatusSign({ kind, word }: { readonly kind: BoxKind; readonly word?: string }) {
  return (
    <span class={`status status-${kind}`}>
      <svg viewBox="-9 -9 18 18" aria-hidden="true" focusable="false">
        <path d={MARKS[kind]} fill-rule="evenodd" />
      </svg>
      <span>{word ?? kind}</span>
    </span>
  );
}

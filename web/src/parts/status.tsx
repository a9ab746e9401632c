import { MARKS } from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";

/** What is said of a model now. */
export type StatusWord = keyof typeof STRINGS.verify.statuses;

/** A status by word, shape and colour. */
export function Status({ status }: { readonly status: StatusWord }) {
  return (
    <span class={`status status-${status}`}>
      <svg viewBox="-9 -9 18 18" aria-hidden="true" focusable="false">
        <path d={MARKS[status]} fill-rule="evenodd" />
      </svg>{" "}
      {STRINGS.verify.statuses[status]}
    </span>
  );
}

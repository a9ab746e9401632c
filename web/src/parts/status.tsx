import { STRINGS } from "../strings.ts";

/** What is said of a model now. */
export type StatusWord = keyof typeof STRINGS.verify.statuses;

const SIGNS: Record<StatusWord, string> = { active: "●", deprecated: "▲", revoked: "✕" };

/** A status by word, sign and colour. */
export function Status({ status }: { readonly status: StatusWord }) {
  return (
    <span class={`status status-${status}`}>
      <span aria-hidden="true">{SIGNS[status]}</span> {STRINGS.verify.statuses[status]}
    </span>
  );
}

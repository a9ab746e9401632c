import type { Draft } from "../../adapters/kept-drafts.ts";
import { shorten } from "../../parts/format.ts";
import { STRINGS } from "../../strings.ts";
import type { Doing } from "./recording.ts";

const TEXT = STRINGS.publish;

/** What is done, what is being done, and what is to come. */
export function Progress({ draft, now }: { readonly draft: Draft; readonly now: Doing }) {
  const { pinned, sent } = draft;
  const pinning = now.kind === "pinning" ? TEXT.progress.pinning(now.done, now.total) : undefined;
  const sending = now.kind === "sending" ? STRINGS.wallet.steps[now.step] : undefined;
  const lines = [
    { name: TEXT.progress.signed, isDone: true, text: undefined },
    {
      name: TEXT.progress.pinned,
      isDone: pinned !== undefined,
      text: pinned === undefined ? pinning : pinned.place === "car" ? TEXT.pin.carSaved(pinned.where) : pinned.where,
    },
    { name: TEXT.progress.sent, isDone: sent !== undefined, text: sent === undefined ? sending : shorten(sent) },
    { name: TEXT.progress.mined, isDone: false, text: sent === undefined ? undefined : sending },
  ];
  const at = lines.findIndex(({ isDone }) => !isDone);
  const isBusy = pinning !== undefined || sending !== undefined;
  return (
    <section class="sheet" aria-busy={isBusy}>
      <h2>{TEXT.progress.title}</h2>
      <ol class="doings" aria-live="polite">
        {lines.map(({ name, isDone, text }, i) => (
          <li key={name} class={isDone ? "doing-done" : i === at && isBusy ? "doing-now" : ""}>
            <span class="step-sign" aria-hidden="true">
              {isDone ? "✓" : i + 1}
            </span>
            <span>
              <strong>{name}</strong>
              {text !== undefined && <span class="quiet"> {text}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

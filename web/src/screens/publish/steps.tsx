import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { STRINGS } from "../../strings.ts";
import type { Stage } from "./session.ts";

const TEXT = STRINGS.publish;
const ALL = Object.keys(TEXT.steps) as Step[];

/** A step of the way. */
export type Step = keyof typeof TEXT.steps;

/** Whether the draft that is open is looked over, and not written any more. */
export const isReviewed = signal(false);

/** The step that is shown; undefined where all are done. */
export function stepOf(stage: Stage): Step | undefined {
  if (stage.kind !== "draft") return "files";
  const { signed, done } = stage.draft;
  if (done !== undefined) return undefined;
  if (signed !== undefined) return "record";
  return isReviewed.value ? "review" : "statement";
}

/** The way, and where on it one is. */
export function Steps({ now }: { readonly now: Step | undefined }) {
  const list = useRef<HTMLOListElement>(null);
  const shown = useRef(now);
  // What was under the fingers is gone with its step: the keyboard goes on from the new one.
  useEffect(() => {
    if (shown.current === now) return;
    shown.current = now;
    (list.current?.querySelector<HTMLElement>("[aria-current]") ?? list.current)?.focus();
  }, [now]);
  const at = now === undefined ? ALL.length : ALL.indexOf(now);
  return (
    <ol class="steps" ref={list} tabIndex={-1} aria-label={TEXT.stepsLabel}>
      {ALL.map((step, i) => (
        <li key={step} tabIndex={-1} class={i < at ? "step-done" : ""} aria-current={i === at ? "step" : undefined}>
          <span class="step-sign" aria-hidden="true">
            {i < at ? "✓" : i + 1}
          </span>
          <span>{TEXT.steps[step]}</span>
        </li>
      ))}
      {now === undefined && <li class="steps-end">{TEXT.allDone}</li>}
    </ol>
  );
}

import { type ComponentChildren, type VNode } from "preact";
import { useId } from "preact/hooks";

/** What an input gets from its field. */
export interface FieldLinks {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

/** A label, an input, a hint and what is wrong with it, which belong together. */
export function Field({
  label,
  hint,
  fault,
  children,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly fault?: string | undefined;
  readonly children: (links: FieldLinks) => VNode;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": hint === undefined && fault === undefined ? undefined : `${id}-hint`,
        "aria-invalid": fault === undefined ? undefined : "true",
      })}
      {(hint !== undefined || fault !== undefined) && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
          {fault !== undefined && (
            <span class="field-note fault">
              <span aria-hidden="true">✕ </span>
              {fault}
            </span>
          )}
        </p>
      )}
    </div>
  );
}

import { type ComponentChildren, type VNode } from "preact";
import { useId } from "preact/hooks";

/** What an input gets from its field. */
export interface FieldLinks {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
}

/** A label, an input and a hint that belong together. */
export function Field({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly children: (links: FieldLinks) => VNode;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": hint === undefined ? undefined : `${id}-hint` })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

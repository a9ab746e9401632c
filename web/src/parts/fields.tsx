import type { ComponentChildren } from "preact";

/** One field of a record: what it is called, and its value; left out where there is none. */
export type FieldRow = readonly [label: string, value: ComponentChildren];

/** A record as a form: labels above values. */
export function Fields({ rows }: { readonly rows: readonly (FieldRow | undefined | false)[] }) {
  return (
    <dl class="fields">
      {rows
        .filter((row): row is FieldRow => row !== undefined && row !== false && row[1] !== "" && row[1] !== undefined)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

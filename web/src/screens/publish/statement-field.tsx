import type { VNode } from "preact";
import { RELATIONS } from "model-provenance-nft/core";
import type { FieldName } from "../../engine/publish/form.ts";
import { Field, type FieldLinks } from "../../parts/field.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.publish;
const LINES: Partial<Record<FieldName, number>> = {
  description: 3,
  parents: 2,
  baseModels: 2,
  metrics: 3,
  contributors: 3,
};
const MONO: ReadonlySet<FieldName> = new Set([
  "parents",
  "baseModels",
  "metrics",
  "datasetDigest",
  "datasetCid",
  "owner",
  "royaltyReceiver",
  "contributors",
]);
const WIDE: ReadonlySet<FieldName> = new Set([
  "name",
  "description",
  "parents",
  "baseModels",
  "metrics",
  "datasetDigest",
  "contributors",
]);

/** One field of what a publisher says, with what contradicts it beside it. */
export function StatementField(props: {
  readonly name: FieldName;
  readonly value: string;
  /** What was read of the model. */
  readonly before: string;
  readonly warnings: readonly string[];
  readonly faults: readonly string[];
  readonly onChange: (value: string) => void;
  /** What fills it otherwise. */
  readonly below?: VNode | undefined;
}) {
  const { name, value, before, warnings, faults, onChange, below } = props;
  const isLeftToRead = value.trim() === "" && before !== "";
  const notes = [...warnings, ...(isLeftToRead && name !== "relation" ? [TEXT.keptAsRead(before)] : [])];
  const hint = TEXT.hints[name];
  const isSaid = hint !== "" || notes.length + faults.length > 0;
  return (
    <div class={WIDE.has(name) ? "field-wide" : ""}>
      <Field
        label={TEXT.fields[name]}
        hint={
          isSaid ? (
            <>
              {hint}
              {notes.map((text) => (
                <span key={text} class="field-note">
                  <span aria-hidden="true">! </span>
                  {text}
                </span>
              ))}
              {faults.map((text) => (
                <span key={text} class="field-note fault">
                  <span aria-hidden="true">✕ </span>
                  {text}
                </span>
              ))}
            </>
          ) : undefined
        }
      >
        {(links) => <Input name={name} value={value} links={links} isFaulty={faults.length > 0} onChange={onChange} />}
      </Field>
      {below}
    </div>
  );
}

function Input(props: {
  readonly name: FieldName;
  readonly value: string;
  readonly links: FieldLinks;
  readonly isFaulty: boolean;
  readonly onChange: (value: string) => void;
}) {
  const { name, value, links, isFaulty, onChange } = props;
  const common = {
    ...links,
    value,
    "aria-invalid": isFaulty ? ("true" as const) : undefined,
    class: MONO.has(name) ? "mono" : "",
    onInput: (event: { readonly currentTarget: { readonly value: string } }) => onChange(event.currentTarget.value),
  };
  if (name === "relation") {
    return (
      <select {...common}>
        <option value="">{TEXT.automatic}</option>
        {RELATIONS.map((relation) => (
          <option key={relation} value={relation}>
            {relation === "base" ? TEXT.noRelation : STRINGS.model.family.relations[relation]}
          </option>
        ))}
      </select>
    );
  }
  if (LINES[name] !== undefined) return <textarea {...common} rows={LINES[name]} spellcheck={name === "description"} />;
  return <input {...common} type="text" inputMode={name === "royalty" ? "decimal" : "text"} />;
}

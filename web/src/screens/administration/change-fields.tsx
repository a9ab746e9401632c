import { Field } from "../../parts/field.tsx";
import { STRINGS } from "../../strings.ts";
import { CHANGES, type ChangeForm } from "./changes.ts";

const TEXT = STRINGS.administration;

/** The fields of one change. */
export function ChangeFields(props: {
  readonly form: ChangeForm;
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
}) {
  const { form, values, onChange } = props;
  const set = (name: string) => (event: { readonly currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    onChange({ ...values, [name]: event.currentTarget.value });
  return (
    <>
      {CHANGES[form].fields.map(({ name, kind }) => (
        <Field key={name} label={TEXT.fields[name]} hint={TEXT.hints[name]}>
          {(field) =>
            kind === "status" ? (
              <select {...field} value={values[name] ?? "deprecated"} onChange={set(name)}>
                {(["active", "deprecated", "revoked"] as const).map((status) => (
                  <option key={status} value={status}>
                    {STRINGS.verify.statuses[status]}
                  </option>
                ))}
              </select>
            ) : kind === "date" ? (
              <input {...field} type="date" value={values[name] ?? ""} onInput={set(name)} />
            ) : (
              <input {...field} type="text" value={values[name] ?? ""} onInput={set(name)} />
            )
          }
        </Field>
      ))}
    </>
  );
}

import { Field } from "./field.tsx";

/** A field for one file of settings, YAML or JSON, chosen or dropped on it. */
export function FileField(props: {
  readonly label: string;
  readonly hint: string;
  readonly fault: string | undefined;
  readonly onChosen: (file: File) => void;
}) {
  const { onChosen, ...labels } = props;
  return (
    <Field {...labels}>
      {(field) => (
        <input
          {...field}
          type="file"
          accept=".yaml,.yml,.json"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) onChosen(file);
          }}
        />
      )}
    </Field>
  );
}

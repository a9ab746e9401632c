import type { OfferFaults, OfferForm } from "../../engine/offers.ts";
import type { PinPlace } from "../../engine/publish/pin-files.ts";
import { Field } from "../../parts/field.tsx";
import { PinPlaceFields } from "../../parts/pin-place.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.administration.offer;
const TYPED = ["price", "currency", "duration", "limit", "deadline"] as const;
const KINDS = ["use", "serve", "derive"] as const;

/** An offer of which nothing was said yet. */
export const EMPTY_OFFER: OfferForm = {
  kind: "use",
  price: "",
  currency: "",
  duration: "",
  deadline: "",
  limit: "",
  endsWhenRevoked: false,
  terms: undefined,
};

/** The fields of an offer of licences, what is wrong beside each, and where its terms are pinned. */
export function OfferFields(props: {
  readonly form: OfferForm;
  readonly faults: OfferFaults;
  readonly place: PinPlace;
  readonly onChange: (form: OfferForm) => void;
  readonly onPlace: (place: PinPlace) => void;
}) {
  const { form, faults, place, onChange, onPlace } = props;
  const set = (values: Partial<OfferForm>) => onChange({ ...form, ...values });
  return (
    <>
      <Field label={TEXT.fields.kind}>
        {(field) => (
          <select
            {...field}
            value={form.kind}
            onChange={(event) => set({ kind: event.currentTarget.value as OfferForm["kind"] })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {STRINGS.licenses.kinds[kind]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {TYPED.map((name) => (
        <Field key={name} label={TEXT.fields[name]} hint={TEXT.hints[name]} fault={faults[name]}>
          {(field) => {
            const typed = {
              ...field,
              value: form[name],
              onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
                set({ [name]: event.currentTarget.value }),
            };
            return name === "deadline" ? (
              <input {...typed} type="date" />
            ) : (
              <input {...typed} type="text" class={name === "currency" ? "mono" : ""} />
            );
          }}
        </Field>
      ))}
      <div class="choice">
        <label>
          <input
            type="checkbox"
            checked={form.endsWhenRevoked}
            onChange={(event) => set({ endsWhenRevoked: event.currentTarget.checked })}
          />
          {TEXT.fields.endsWhenRevoked}
        </label>
      </div>
      <Field label={TEXT.fields.terms} hint={TEXT.hints.terms} fault={faults.terms}>
        {(field) => (
          <input {...field} type="file" onChange={(event) => set({ terms: event.currentTarget.files?.[0] })} />
        )}
      </Field>
      <PinPlaceFields place={place} onChange={onPlace} />
    </>
  );
}

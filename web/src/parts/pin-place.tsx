import type { PinPlace } from "../engine/publish/pin-files.ts";
import { Field } from "./field.tsx";
import { settings } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";

const TEXT = STRINGS.publish.pin;

/** The node of this machine, as the site or the reader names it. */
export function defaultPlace(): PinPlace {
  return { kind: "kubo", url: settings.peek().kubo ?? "http://127.0.0.1:5001" };
}

const PLACES: Readonly<Record<PinPlace["kind"], () => PinPlace>> = {
  kubo: defaultPlace,
  pinata: () => ({ kind: "pinata", uploadUrl: "" }),
  car: () => ({ kind: "car" }),
};

/** Where something is pinned: chosen, and named. */
export function PinPlaceFields(props: { readonly place: PinPlace; readonly onChange: (place: PinPlace) => void }) {
  const { place, onChange } = props;
  return (
    <>
      <fieldset class="choice choice-lines">
        <legend>{TEXT.by}</legend>
        {(Object.keys(PLACES) as PinPlace["kind"][]).map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="pin-place"
              checked={place.kind === kind}
              onChange={() => onChange(PLACES[kind]())}
            />
            {TEXT.places[kind]}
          </label>
        ))}
      </fieldset>
      {place.kind === "kubo" && (
        <Field label={TEXT.kubo} hint={TEXT.kuboHint}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              value={place.url}
              onInput={(event) => onChange({ ...place, url: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {place.kind === "pinata" && (
        <Field label={TEXT.pinata} hint={TEXT.pinataHint}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              autocomplete="off"
              value={place.uploadUrl}
              onInput={(event) => onChange({ ...place, uploadUrl: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
      )}
      {place.kind === "car" && <p class="quiet">{TEXT.carHint}</p>}
    </>
  );
}

import { Field } from "../../parts/field.tsx";
import { STRINGS } from "../../strings.ts";
import { hashing } from "./session.ts";

const TEXT = STRINGS.publish.hashing;

/** What has to be known before files are hashed. */
export function HashingFields() {
  const { ignorePaths, withCid, withBundle } = hashing.value;
  const change = (changed: Partial<typeof hashing.value>) => (hashing.value = { ...hashing.peek(), ...changed });
  return (
    <details class="publish-hashing">
      <summary>{TEXT.title}</summary>
      <Field label={TEXT.ignorePaths} hint={TEXT.ignorePathsHint}>
        {(links) => (
          <textarea
            {...links}
            rows={2}
            class="mono"
            spellcheck={false}
            value={ignorePaths}
            onInput={(event) => change({ ignorePaths: event.currentTarget.value })}
          />
        )}
      </Field>
      <p class="choice">
        <label>
          <input
            type="checkbox"
            checked={withCid}
            onChange={(event) => change({ withCid: event.currentTarget.checked })}
          />
          {TEXT.withCid}
        </label>
      </p>
      <p class="hint">{TEXT.withCidHint}</p>
      <p class="choice">
        <label>
          <input
            type="checkbox"
            checked={withBundle}
            onChange={(event) => change({ withBundle: event.currentTarget.checked })}
          />
          {TEXT.withBundle}
        </label>
      </p>
    </details>
  );
}

import { useSignal } from "@preact/signals";
import { Field } from "../../parts/field.tsx";
import { accountOf, isAddress, keyOf, parseRegistry } from "../../state/registry-setting.ts";
import { change, keepRegistry, removeRegistry, settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { PolicyChoice } from "../../parts/policy-choice.tsx";
import { Publishers } from "./publishers.tsx";
import { RegistriesFile } from "./registries-file.tsx";

const TEXT = STRINGS.settings;

/** Who is asked, and how the page looks. */
export default function SettingsScreen() {
  const { registries, gateways, indexer = "", theme, contrast } = settings.value;
  return (
    <article class="sheet">
      <h1>{TEXT.title}</h1>
      <section>
        <h2>{TEXT.registries}</h2>
        {registries.length === 0 && <p>{TEXT.none}</p>}
        <ul class="rows">
          {registries.map((registry) => (
            <li key={keyOf(registry)}>
              <strong>{registry.name || `chain ${registry.chainId}`}</strong>
              <code>{accountOf(registry)}</code>
              <span class="quiet">{TEXT.sources[registry.source]}</span>
              {registry.source === "you" && (
                <button type="button" class="plain" onClick={() => removeRegistry(registry)}>
                  {TEXT.remove} <span class="hidden">{accountOf(registry)}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
        <RegistriesFile />
        <AddRegistry />
      </section>
      <Publishers />
      <section>
        <h2>{STRINGS.policy.title}</h2>
        <PolicyChoice />
      </section>
      <section>
        <h2>{TEXT.places}</h2>
        <Field label={TEXT.gateways} hint={TEXT.gatewaysHint}>
          {(field) => (
            <textarea
              {...field}
              rows={3}
              value={gateways.join("\n")}
              onChange={(event) => change({ gateways: linesOf(event.currentTarget.value) })}
            />
          )}
        </Field>
        <Field label={TEXT.indexer} hint={TEXT.indexerHint}>
          {(field) => (
            <input
              {...field}
              type="url"
              value={indexer}
              onChange={(event) => change({ indexer: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
      </section>
      <section>
        <h2>{TEXT.look}</h2>
        <Choice name={TEXT.theme} options={TEXT.themes} value={theme} onChange={(value) => change({ theme: value })} />
        <Choice
          name={TEXT.contrast}
          options={TEXT.contrasts}
          value={contrast}
          onChange={(value) => change({ contrast: value })}
        />
        <p class="quiet">{TEXT.saved}</p>
      </section>
    </article>
  );
}

const NO_VALUES = { name: "", account: "", rpc: "", market: "" };

function AddRegistry() {
  const values = useSignal(NO_VALUES);
  const isWrong = useSignal(false);
  const set = (key: keyof typeof NO_VALUES) => (event: { readonly currentTarget: HTMLInputElement }) =>
    (values.value = { ...values.value, [key]: event.currentTarget.value });
  const add = (event: Event) => {
    event.preventDefault();
    const { name, account, rpc } = values.value;
    const market = values.value.market.trim();
    const registry = parseRegistry(account, rpc, "you", name);
    isWrong.value = registry === undefined || (market !== "" && !isAddress(market));
    if (registry === undefined || isWrong.value) return;
    keepRegistry({ ...registry, ...(market !== "" && { market }) });
    values.value = NO_VALUES;
  };
  return (
    <form class="form" onSubmit={add}>
      <h3>{TEXT.add}</h3>
      <Field label={TEXT.fields.name}>
        {(field) => <input {...field} type="text" value={values.value.name} onInput={set("name")} />}
      </Field>
      <Field label={TEXT.fields.account} hint={TEXT.fields.accountHint}>
        {(field) => <input {...field} type="text" required value={values.value.account} onInput={set("account")} />}
      </Field>
      <Field label={TEXT.fields.rpc} hint={TEXT.fields.rpcHint}>
        {(field) => <input {...field} type="text" required value={values.value.rpc} onInput={set("rpc")} />}
      </Field>
      <Field label={TEXT.fields.market} hint={TEXT.fields.marketHint}>
        {(field) => <input {...field} type="text" value={values.value.market} onInput={set("market")} />}
      </Field>
      {isWrong.value && <p class="fault">{TEXT.invalid}</p>}
      <button type="submit">{TEXT.addButton}</button>
    </form>
  );
}

function Choice<Value extends string>(props: {
  readonly name: string;
  readonly options: Readonly<Record<Value, string>>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  const { name, options, value, onChange } = props;
  return (
    <fieldset class="choice">
      <legend>{name}</legend>
      {(Object.entries(options) as [Value, string][]).map(([key, text]) => (
        <label key={key}>
          <input type="radio" name={name} checked={key === value} onChange={() => onChange(key)} /> {text}
        </label>
      ))}
    </fieldset>
  );
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

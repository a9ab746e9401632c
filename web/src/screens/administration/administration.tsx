import { useEffect, useState } from "preact/hooks";
import type { RegistryChange, SendStep } from "../../engine/send-change.ts";
import { Field } from "../../parts/field.tsx";
import { accountOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { type Wallet, findWallets, wallets } from "../../wallet/wallets.ts";
import type { ScreenProps } from "../list.ts";
import { CHANGES, type ChangeForm } from "./changes.ts";
import { ChangeFields } from "./change-fields.tsx";

const TEXT = STRINGS.administration;
const TOKEN = /^0x[0-9a-f]{64}$/;

type Outcome = { readonly step: SendStep } | { readonly done: string } | { readonly fault: string };

/** Changes what is said of a model, by a wallet of this browser: its status, endorsements, grants of use. */
export default function AdministrationScreen({ query }: ScreenProps) {
  const { registries } = settings.value;
  const [askedRegistry = "", askedToken = ""] = (query.get("model") ?? "").split("/", 2);
  const [registry, setRegistry] = useState(askedRegistry || (registries[0] ? accountOf(registries[0]) : ""));
  const [token, setToken] = useState(askedToken);
  const [form, setForm] = useState<ChangeForm>("status");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [uuid, setUuid] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(findWallets, []);
  const found = wallets.value;
  // Of several wallets the reader names one: none is taken silently.
  const wallet = found.length === 1 ? found[0] : found.find((one) => one.uuid === uuid);

  const send = (event: Event) => {
    event.preventDefault();
    const tokenId = token.trim().toLowerCase();
    const change = TOKEN.test(tokenId) ? CHANGES[form].read(BigInt(tokenId), values, registry) : TEXT.invalidToken;
    if (typeof change === "string") return setOutcome({ fault: change });
    if (wallet === undefined) return setOutcome({ fault: found.length === 0 ? TEXT.noWallet : TEXT.chooseWallet });
    void run(wallet, change);
  };
  const run = async ({ provider }: Wallet, change: RegistryChange) => {
    setOutcome({ step: "network" });
    try {
      const { sendChange } = await import("../../engine/send-change.ts");
      const onStep = (step: SendStep) => setOutcome({ step });
      setOutcome({ done: await sendChange({ registry, wallet: provider, change, onStep }) });
    } catch (error) {
      setOutcome({ fault: (error as Error).message });
    }
  };
  const isBusy = outcome !== undefined && "step" in outcome;

  return (
    <article class="sheet">
      <header class="registry-head">
        <h1>{TEXT.title}</h1>
        <p>{TEXT.intro}</p>
      </header>
      <form class="form" onSubmit={send}>
        <Field label={TEXT.registry}>
          {(field) => (
            <select {...field} value={registry} onChange={(event) => setRegistry(event.currentTarget.value)}>
              {registries.map((one) => (
                <option key={accountOf(one)} value={accountOf(one)}>
                  {one.name || accountOf(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={TEXT.token} hint={TEXT.tokenHint}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              required
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={TEXT.change}>
          {(field) => (
            <select {...field} value={form} onChange={(event) => setForm(event.currentTarget.value as ChangeForm)}>
              {(Object.keys(CHANGES) as ChangeForm[]).map((one) => (
                <option key={one} value={one}>
                  {TEXT.changes[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <ChangeFields form={form} values={values} onChange={setValues} />
        {found.length > 1 && (
          <Field label={TEXT.wallet}>
            {(field) => (
              <select {...field} value={uuid ?? ""} onChange={(event) => setUuid(event.currentTarget.value)}>
                <option value="">{TEXT.chooseWallet}</option>
                {found.map((one) => (
                  <option key={one.uuid} value={one.uuid}>
                    {one.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <p class="quiet">{wallet === undefined ? TEXT.noWallet : TEXT.withWallet(wallet.name)}</p>
        <button type="submit" disabled={isBusy}>
          {TEXT.send}
        </button>
        <p role="status">
          {outcome === undefined
            ? ""
            : "step" in outcome
              ? TEXT.steps[outcome.step]
              : "done" in outcome
                ? TEXT.done
                : ""}
        </p>
        {outcome !== undefined && "fault" in outcome && (
          <p class="fault" role="alert">
            {outcome.fault}
          </p>
        )}
      </form>
      {TOKEN.test(token) && (
        <p>
          <a href={`#/${registry}/${token}`}>{TEXT.toModel}</a>
        </p>
      )}
    </article>
  );
}

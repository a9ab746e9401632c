import { useState } from "preact/hooks";
import type { RegistryChange } from "../../engine/send.ts";
import { Field } from "../../parts/field.tsx";
import { accountOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { WalletChoice, adviseOnWallet, useWallet } from "../../wallet/choice.tsx";
import { SendingStatus, useSending } from "../../wallet/sending.tsx";
import type { Wallet } from "../../wallet/wallets.ts";
import type { ScreenProps } from "../list.ts";
import { CHANGES, type ChangeForm } from "./changes.ts";
import { ChangeFields } from "./change-fields.tsx";

const TEXT = STRINGS.administration;
const TOKEN = /^0x[0-9a-f]{64}$/;

/** Changes what is said of a model, by a wallet of this browser: its status, endorsements, grants of use. */
export default function AdministrationScreen({ query }: ScreenProps) {
  const { registries } = settings.value;
  const [askedRegistry = "", askedToken = ""] = (query.get("model") ?? "").split("/", 2);
  const [registry, setRegistry] = useState(askedRegistry || (registries[0] ? accountOf(registries[0]) : ""));
  const [token, setToken] = useState(askedToken);
  const [form, setForm] = useState<ChangeForm>("status");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const sending = useSending();
  const wallet = useWallet();

  const send = (event: Event) => {
    event.preventDefault();
    const tokenId = token.trim().toLowerCase();
    const change = TOKEN.test(tokenId) ? CHANGES[form].read(BigInt(tokenId), values, registry) : TEXT.invalidToken;
    if (typeof change === "string") return sending.fail(change);
    if (wallet === undefined) return sending.fail(adviseOnWallet());
    void run(wallet, change);
  };
  const run = async ({ provider }: Wallet, change: RegistryChange) =>
    sending.run(async (onStep) => {
      const { sendChange } = await import("../../engine/send.ts");
      await sendChange(change, { registry, wallet: provider, onStep });
      return STRINGS.wallet.done;
    });

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
        <WalletChoice />
        <button type="submit" disabled={sending.isBusy}>
          {TEXT.send}
        </button>
        <SendingStatus outcome={sending.outcome} />
      </form>
      {TOKEN.test(token) && (
        <p>
          <a href={`#/${registry}/${token}`}>{TEXT.toModel}</a>
        </p>
      )}
    </article>
  );
}

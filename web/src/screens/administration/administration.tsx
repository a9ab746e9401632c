import { useState } from "preact/hooks";
import { Field } from "../../parts/field.tsx";
import { accountOf, keyOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { WalletChoice, adviseOnWallet, useWallet } from "../../wallet/choice.tsx";
import { SendingStatus, useSending } from "../../wallet/sending.tsx";
import type { ScreenProps } from "../list.ts";
import { CHANGES, type ChangeForm } from "./changes.ts";
import { ChangeFields } from "./change-fields.tsx";
import { type TradeForm, type Work, isTrade, useTrade } from "./use-trade.tsx";

const TEXT = STRINGS.administration;
const TOKEN = /^0x[0-9a-f]{64}$/;

/** Changes what is said of a model, by a wallet of this browser: its status, endorsements, grants of use, offers of licences. */
export default function AdministrationScreen({ query }: ScreenProps) {
  const { registries } = settings.value;
  const [askedRegistry = "", askedToken = ""] = (query.get("model") ?? "").split("/", 2);
  const [registry, setRegistry] = useState(askedRegistry || (registries[0] ? accountOf(registries[0]) : ""));
  const [token, setToken] = useState(askedToken);
  const [picked, setForm] = useState<ChangeForm | TradeForm>("status");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const sending = useSending();
  const wallet = useWallet();
  const hasMarket = registries.some((one) => keyOf(one) === registry.toLowerCase() && one.market !== undefined);
  const form = isTrade(picked) && !hasMarket ? "status" : picked;
  const tokenId = token.trim().toLowerCase();
  const isToken = TOKEN.test(tokenId);
  const trade = useTrade(registry, tokenId, isTrade(form) ? form : undefined);

  const read = async (): Promise<Work | string> => {
    if (!isToken) return TEXT.invalidToken;
    if (isTrade(form)) return trade.read(BigInt(tokenId));
    const change = CHANGES[form].read(BigInt(tokenId), values, registry);
    if (typeof change === "string") return change;
    return async (asked) => {
      const { sendChange } = await import("../../engine/send.ts");
      await sendChange(change, asked);
      return STRINGS.wallet.done;
    };
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const work = await read().catch((error: unknown) => (error as Error).message);
    if (typeof work === "string") return sending.fail(work);
    if (wallet === undefined) return sending.fail(adviseOnWallet());
    await sending.run(async (onStep) => work({ registry, wallet: wallet.provider, onStep }));
  };

  return (
    <article class="sheet">
      <header class="registry-head">
        <h1>{TEXT.title}</h1>
        <p>{TEXT.intro}</p>
      </header>
      <form class="form" onSubmit={(event) => void send(event)}>
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
            <select {...field} value={form} onChange={(event) => setForm(event.currentTarget.value as typeof picked)}>
              {(Object.keys(CHANGES) as ChangeForm[]).map((one) => (
                <option key={one} value={one}>
                  {TEXT.changes[one]}
                </option>
              ))}
              {hasMarket &&
                (Object.keys(TEXT.trades) as TradeForm[]).map((one) => (
                  <option key={one} value={one}>
                    {TEXT.trades[one]}
                  </option>
                ))}
            </select>
          )}
        </Field>
        {!isTrade(form) && <ChangeFields form={form} values={values} onChange={setValues} />}
        {(form === "offer" || isToken) && trade.fields}
        <WalletChoice />
        <button type="submit" disabled={sending.isBusy}>
          {TEXT.send}
        </button>
        <SendingStatus outcome={sending.outcome} />
      </form>
      {isToken && (
        <p>
          <a href={`#/${registry}/${tokenId}`}>{TEXT.toModel}</a>
        </p>
      )}
    </article>
  );
}

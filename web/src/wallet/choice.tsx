import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "../parts/field.tsx";
import { STRINGS } from "../strings.ts";
import { type Wallet, findWallets, wallets } from "./wallets.ts";

const TEXT = STRINGS.wallet;
const chosen = signal<string | undefined>(undefined);

/** The wallet of the page: the only one, else the one that the reader named. None of several is taken silently. */
export function useWallet(): Wallet | undefined {
  useEffect(findWallets, []);
  const found = wallets.value;
  return found.length === 1 ? found[0] : found.find(({ uuid }) => uuid === chosen.value);
}

/** What to do where there is no wallet yet. */
export function adviseOnWallet(): string {
  return wallets.value.length === 0 ? TEXT.none : TEXT.choose;
}

/** Names the wallet, and lets the reader choose where there are several. */
export function WalletChoice() {
  const wallet = useWallet();
  const found = wallets.value;
  return (
    <>
      {found.length > 1 && (
        <Field label={TEXT.title}>
          {(field) => (
            <select
              {...field}
              value={chosen.value ?? ""}
              onChange={(event) => (chosen.value = event.currentTarget.value)}
            >
              <option value="">{TEXT.choose}</option>
              {found.map(({ uuid, name }) => (
                <option key={uuid} value={uuid}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <p class="quiet">{wallet === undefined ? adviseOnWallet() : TEXT.sentBy(wallet.name)}</p>
    </>
  );
}

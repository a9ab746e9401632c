import { useSignal } from "@preact/signals";
import type { RevenueRow, RevenueStep } from "../../engine/revenue.ts";
import { STRINGS } from "../../strings.ts";
import { WalletChoice, adviseOnWallet, useWallet } from "../../wallet/choice.tsx";
import { SendingStatus, useSending } from "../../wallet/sending.tsx";

const TEXT = STRINGS.licenses.revenue;

/** What is owed of what a model brought, read where somebody asks for it, and divided or taken out by the reader's wallet. */
export function Revenue(props: {
  readonly registry: string;
  readonly tokenId: string;
  readonly currencies: readonly string[];
  /** Of the reader's wallet. */
  readonly account: string | undefined;
  /** Whether the wallet is to be named here: nothing before does. */
  readonly namesWallet: boolean;
}) {
  const { registry, tokenId, currencies, account, namesWallet } = props;
  const sending = useSending();
  const wallet = useWallet();
  const rows = useSignal<readonly RevenueRow[] | undefined>(undefined);
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const read = async () => {
    isBusy.value = true;
    problem.value = "";
    try {
      const { readOwed } = await import("../../engine/revenue.ts");
      rows.value = await readOwed(registry, tokenId, currencies, account);
    } catch (error) {
      problem.value = (error as Error).message;
    }
    isBusy.value = false;
  };
  const take = async (step: RevenueStep) => {
    if (wallet === undefined) return sending.fail(adviseOnWallet());
    await sending.run(async (onStep) => {
      const { takeStep } = await import("../../engine/revenue.ts");
      await takeStep(step, tokenId, { registry, wallet: wallet.provider, onStep });
      await read();
      return TEXT.steps[step.kind].done;
    });
  };
  return (
    <>
      <h3>{TEXT.title}</h3>
      <p class="quiet">{TEXT.text}</p>
      <p class="buttons">
        <button type="button" class="plain" disabled={isBusy.value} onClick={() => void read()}>
          {rows.value === undefined ? TEXT.read : TEXT.again}
        </button>
      </p>
      {problem.value !== "" && (
        <p class="fault" role="alert">
          {problem.value}
        </p>
      )}
      <div aria-live="polite">
        {rows.value !== undefined && (
          <ul class="rows owed">
            {rows.value.map(({ what, text, step }) => (
              <li key={`${what} ${text}`}>
                <strong>{what}</strong>
                <span>{text}</span>
                {step !== undefined && (
                  <button type="button" disabled={sending.isBusy} onClick={() => void take(step)}>
                    {TEXT.steps[step.kind].act}
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      {namesWallet && rows.value?.some(({ step }) => step !== undefined) && <WalletChoice />}
      <SendingStatus outcome={sending.outcome} />
    </>
  );
}

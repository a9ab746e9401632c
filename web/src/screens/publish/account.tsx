import { type TransactionCost, formatCoins } from "model-provenance-nft/core";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { Banner } from "../../parts/banner.tsx";
import { Fields } from "../../parts/fields.tsx";
import { formatCount, shorten } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { keyOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { WalletChoice, useWallet } from "../../wallet/choice.tsx";
import type { ConnectedAccount } from "./use-account.ts";
import type { Forecast } from "./use-forecast.ts";

const TEXT = STRINGS.publish.account;
const PLAN = STRINGS.publish.plan;

/** Who records it, where, and what that costs: said before anything is signed. */
export function Account(props: {
  readonly draft: Draft;
  readonly account: ConnectedAccount;
  /** Who gets the token, where that is somebody else. */
  readonly owner: string | undefined;
  readonly forecast: Forecast | undefined;
  /** Whether the account of the wallet is the one that signed. */
  readonly isMine: boolean;
  readonly onAskAgain: () => void;
}) {
  const { draft, account, owner, forecast, isMine, onAskAgain } = props;
  const wallet = useWallet();
  const { registry, signed } = draft;
  const chainId = BigInt(registry.split(":")[1] ?? 1);
  const name = settings.value.registries.find((one) => keyOf(one) === registry.toLowerCase())?.name;
  const address = signed?.account ?? account.address;
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p class="quiet">{TEXT.lead}</p>
      <WalletChoice />
      {(account.address === undefined || !isMine) && wallet !== undefined && (
        <p class="buttons">
          <button type="button" onClick={account.connect} disabled={account.isAsking}>
            {account.isAsking ? TEXT.connecting : TEXT.connect}
          </button>
        </p>
      )}
      {account.fault !== undefined && (
        <p class="fault" role="alert">
          {account.fault}
        </p>
      )}
      {!isMine && signed !== undefined && account.address !== undefined && (
        <Banner kind="warn" title={TEXT.other} text={TEXT.signedBy(signed.account)} />
      )}
      <Fields
        rows={[
          [PLAN.registry, name ? `${name} (${shorten(registry)})` : <code>{registry}</code>],
          address !== undefined && [PLAN.account, <Hex value={address} />],
          owner !== undefined && [PLAN.owner, <Hex value={owner} />],
          ...(forecast?.kind === "cost" ? costRows(forecast.cost, chainId) : []),
        ]}
      />
      {forecast !== undefined && <Hurdle forecast={forecast} registry={registry} token={draft.id} chainId={chainId} />}
      {forecast !== undefined && forecast.kind !== "asking" && (
        <p class="buttons">
          <button type="button" class="plain small" onClick={onAskAgain}>
            {TEXT.refresh}
          </button>
        </p>
      )}
    </section>
  );
}

type Row = readonly [string, string];

function costRows(cost: TransactionCost, chainId: bigint): (Row | false)[] {
  const { gas, maxFeePerGas, dataGas, dataFee, operatorFee, worstCost, balance } = cost;
  return [
    [PLAN.balance, formatCoins(balance, chainId)],
    [PLAN.cost, formatCoins(worstCost, chainId)],
    [PLAN.gas, PLAN.gasOf(formatCount(Number(gas)), String(Number((Number(maxFeePerGas) / 1e9).toPrecision(4))))],
    dataGas !== undefined && [PLAN.dataGas, formatCount(Number(dataGas))],
    dataFee > 0n && [PLAN.dataFee, formatCoins(dataFee, chainId)],
    operatorFee !== undefined && [PLAN.operatorFee, formatCoins(operatorFee, chainId)],
  ];
}

/** What stands in the way. */
function Hurdle(props: {
  readonly forecast: Forecast;
  readonly registry: string;
  readonly token: string;
  readonly chainId: bigint;
}) {
  const { forecast, registry, token, chainId } = props;
  switch (forecast.kind) {
    case "asking":
      return (
        <p class="wait" role="status">
          {TEXT.asking}
        </p>
      );
    case "fault":
      return <Banner kind="bad" title={TEXT.refused} text={forecast.text} />;
    case "recorded":
      return (
        <Banner kind="warn" title={TEXT.recorded} text={TEXT.recordedText(forecast.record.creator)}>
          <p>
            <a href={`#/${registry}/${token}`}>{TEXT.toRecord}</a>
          </p>
        </Banner>
      );
    case "cost": {
      const { balance, worstCost } = forecast.cost;
      if (forecast.isContract) return <Banner kind="warn" title={TEXT.contract} text={TEXT.contractText} />;
      if (forecast.isPayable) return null;
      const text = TEXT.cannotPayText(formatCoins(balance, chainId), formatCoins(worstCost, chainId));
      return <Banner kind="bad" title={TEXT.cannotPay} text={text} />;
    }
  }
}

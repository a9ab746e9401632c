import type { License } from "model-provenance-nft/core";
import { useEffect, useState } from "preact/hooks";
import type { ShownOffer, ShownTrade } from "../../engine/licenses.ts";
import { shorten } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";
import { WalletChoice, adviseOnWallet, useWallet } from "../../wallet/choice.tsx";
import { SendingStatus, useSending } from "../../wallet/sending.tsx";
import { Revenue } from "./revenue.tsx";
import { OfferItem } from "./offer-item.tsx";

const TEXT = STRINGS.licenses;

/** Names of the parents, by their token ids. */
export type Names = Readonly<Record<string, string>>;

/** The licences of a model: what is offered, what the reader's account holds, and whose part of the money it is. */
export default function Licenses(props: {
  readonly registry: string;
  readonly tokenId: string;
  readonly names: Names;
}) {
  const { registry, tokenId, names } = props;
  const [trade, setTrade] = useState<ShownTrade | Error | "none">();
  const [account, setAccount] = useState<string>();
  const [round, setRound] = useState(0);
  const [active, setActive] = useState<string>();
  const sending = useSending();
  const wallet = useWallet();
  useEffect(() => {
    let isGone = false;
    const load = async (): Promise<ShownTrade | "none"> => {
      const { readTrade } = await import("../../engine/licenses.ts");
      return (await readTrade(registry, tokenId)) ?? "none";
    };
    load()
      .catch((error: unknown) => error as Error)
      .then((found) => !isGone && setTrade(found))
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [registry, tokenId, round]);
  useEffect(() => {
    if (wallet === undefined || trade === undefined || trade === "none") return;
    import("../../wallet/account.ts")
      .then(async ({ knownAccount }) => setAccount(await knownAccount(wallet.provider)))
      .catch(() => undefined);
  }, [wallet, trade]);

  if (trade === undefined || trade === "none") return null;
  if (trade instanceof Error) {
    return (
      <section class="sheet">
        <h2>{TEXT.title}</h2>
        <p class="quiet">
          {TEXT.notRead} {trade.message}
        </p>
      </section>
    );
  }
  const { offers, shares, market } = trade;
  const send = async (offer: ShownOffer, license: License | undefined, licensee: string | undefined) => {
    setActive(offer.offerId);
    if (wallet === undefined) return sending.fail(adviseOnWallet());
    await sending.run(async (onStep) => {
      const { buy, renew } = await import("../../engine/licenses.ts");
      const asked = { registry, wallet: wallet.provider, onStep };
      await (license === undefined ? buy(offer, licensee, asked) : renew(offer, license, asked));
      setRound((before) => before + 1);
      return license === undefined ? TEXT.bought : TEXT.renewed;
    });
  };
  return (
    <section class="sheet licenses">
      <h2>{TEXT.title}</h2>
      <p class="quiet">
        {TEXT.market} <Hex value={market} />
      </p>
      {offers.length === 0 && <p>{TEXT.nothing}</p>}
      {offers.some(({ isAlive }) => isAlive) && <WalletChoice />}
      <ul class="plain-list offers">
        {offers.map((offer) => (
          <OfferItem key={offer.offerId} offer={offer} account={account} isBusy={sending.isBusy} onSend={send}>
            {offer.offerId === active && <SendingStatus outcome={sending.outcome} />}
          </OfferItem>
        ))}
      </ul>
      {shares.length > 0 && (
        <>
          <h3>{TEXT.shares}</h3>
          <ul class="rows">
            {shares.map(({ parentId, percent }) => (
              <li key={parentId}>
                <a href={`#/${registry}/${parentId}`}>{names[parentId] ?? shorten(parentId)}</a>
                <span>{TEXT.percent(percent)}</span>
              </li>
            ))}
          </ul>
          <p class="quiet">{TEXT.sharesText}</p>
        </>
      )}
      <Revenue
        registry={registry}
        tokenId={tokenId}
        currencies={offers.map(({ offer }) => offer.currency)}
        account={account}
        namesWallet={!offers.some(({ isAlive }) => isAlive)}
      />
    </section>
  );
}

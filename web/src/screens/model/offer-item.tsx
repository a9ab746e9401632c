import type { License } from "model-provenance-nft/core";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ShownOffer } from "../../engine/licenses.ts";
import { Field } from "../../parts/field.tsx";
import { Fields } from "../../parts/fields.tsx";
import { formatTime } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.licenses;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** One offer, whole: what is got, what is paid, under which terms; the licences of it that the reader holds. */
export function OfferItem(props: {
  readonly offer: ShownOffer;
  readonly account: string | undefined;
  readonly isBusy: boolean;
  /** How far what is sent of it is. */
  readonly children: ComponentChildren;
  readonly onSend: (offer: ShownOffer, license: License | undefined, licensee: string | undefined) => Promise<void>;
}) {
  const { offer, account, isBusy, onSend, children } = props;
  const { kind, duration, deadline, seller, endsWhenRevoked } = offer.offer;
  const own = offer.licenses.filter(({ holder }) => holder === account);
  const isOnSale = offer.isAlive && offer.left !== 0;
  return (
    <li class="offer">
      <h3>{TEXT.kinds[kind]}</h3>
      <Fields
        rows={[
          [TEXT.price, offer.offer.price === 0n ? TEXT.free : offer.price],
          [TEXT.duration, duration === 0n ? TEXT.forEver : TEXT.days(Number(duration))],
          [TEXT.standing, isOnSale ? TEXT.open : offer.state === "cancelled" ? TEXT.cancelled : TEXT.closed],
          deadline > 0n && [TEXT.deadline, formatTime(Number(deadline))],
          offer.left !== undefined && [TEXT.left, String(offer.left)],
          [TEXT.revoked, endsWhenRevoked ? TEXT.endsWhenRevoked : TEXT.staysWhenRevoked],
          [TEXT.seller, <Hex value={seller} />],
          [TEXT.terms, <Terms uri={offer.terms} />],
        ]}
      />
      {own.map((license) => (
        <p key={String(license.licenseId)} class="license">
          <span>
            {TEXT.yours} {endOf(license)}
          </span>
          {license.isRenewable && (
            <button type="button" disabled={isBusy} onClick={() => void onSend(offer, license, undefined)}>
              {TEXT.renew(offer.price)}
            </button>
          )}
        </p>
      ))}
      {isOnSale && (
        <BuyForm offer={offer} isBusy={isBusy} onBuy={(licensee) => void onSend(offer, undefined, licensee)} />
      )}
      {children}
    </li>
  );
}

function BuyForm(props: {
  readonly offer: ShownOffer;
  readonly isBusy: boolean;
  readonly onBuy: (licensee: string | undefined) => void;
}) {
  const { offer, isBusy, onBuy } = props;
  const [licensee, setLicensee] = useState("");
  const [fault, setFault] = useState<string>();
  const buy = (event: Event) => {
    event.preventDefault();
    const named = licensee.trim();
    if (named !== "" && !ADDRESS.test(named)) return setFault(STRINGS.administration.invalidAccount);
    setFault(undefined);
    onBuy(named === "" ? undefined : named);
  };
  return (
    <details>
      <summary>{TEXT.buy}</summary>
      <form class="form" onSubmit={buy}>
        <p>
          {offer.isToken
            ? TEXT.askedTwice(offer.price)
            : TEXT.askedOnce(offer.offer.price === 0n ? TEXT.free : offer.price)}
        </p>
        <p>{TEXT.noReturn}</p>
        <Field label={TEXT.licensee} hint={TEXT.licenseeHint}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              value={licensee}
              onInput={(event) => setLicensee(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" disabled={isBusy}>
          {offer.offer.price === 0n ? TEXT.take : TEXT.buyFor(offer.price)}
        </button>
        {fault !== undefined && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
      </form>
    </details>
  );
}

/** The text is a stranger's: it is opened elsewhere, by a gateway of the reader's. */
function Terms({ uri }: { readonly uri: string }) {
  const [gateway] = settings.value.gateways;
  if (gateway === undefined) return <code>{uri}</code>;
  return (
    <a href={`${gateway}/ipfs/${uri.slice("ipfs://".length)}`} rel="noreferrer">
      <code>{uri}</code>
    </a>
  );
}

/** When a licence ends, in words. */
function endOf({ expires }: License): string {
  if (expires === undefined) return TEXT.never;
  return expires * 1000 > Date.now() ? TEXT.until(formatTime(expires)) : TEXT.ended(formatTime(expires));
}

import { useEffect, useState } from "preact/hooks";
import type { ShownOffer } from "../../engine/licenses.ts";
import { Field } from "../../parts/field.tsx";
import { shorten } from "../../parts/format.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.administration.offer;

/** Which of a model's offers is meant: those that nobody cancelled. */
export function OfferChoice(props: {
  readonly registry: string;
  /** 0x-hex of 32 bytes. */
  readonly token: string;
  /** Counts what was sent: the offers are read anew after each. */
  readonly round: number;
  readonly chosen: ShownOffer | undefined;
  readonly onChoose: (offer: ShownOffer | undefined) => void;
}) {
  const { registry, token, round, chosen, onChoose } = props;
  const [offers, setOffers] = useState<readonly ShownOffer[] | Error>();
  useEffect(() => {
    let isGone = false;
    onChoose(undefined); // never one of another model
    const load = async () => {
      const { readTrade } = await import("../../engine/licenses.ts");
      const trade = await readTrade(registry, token);
      return (trade?.offers ?? []).filter(({ state }) => state === "open");
    };
    const show = (found: readonly ShownOffer[] | Error) => {
      if (isGone) return;
      setOffers(found);
      onChoose(found instanceof Error ? undefined : found[0]);
    };
    load().then(show, show);
    return () => {
      isGone = true;
    };
  }, [registry, token, round]);

  if (offers === undefined) return <p role="status">{TEXT.reading}</p>;
  if (offers instanceof Error) {
    return (
      <p class="fault" role="alert">
        {STRINGS.licenses.notRead} {offers.message}
      </p>
    );
  }
  if (offers.length === 0) return <p>{TEXT.none}</p>;
  return (
    <Field label={TEXT.which} hint={TEXT.cancelHint}>
      {(field) => (
        <select
          {...field}
          value={chosen?.offerId}
          onChange={(event) => onChoose(offers.find(({ offerId }) => offerId === event.currentTarget.value))}
        >
          {offers.map((one) => (
            <option key={one.offerId} value={one.offerId}>
              {TEXT.named(STRINGS.licenses.kinds[one.offer.kind], one.price, shorten(one.offerId))}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Asked, ShownOffer } from "../../engine/licenses.ts";
import type { OfferFaults } from "../../engine/offers.ts";
import { defaultPlace } from "../../parts/pin-place.tsx";
import { STRINGS } from "../../strings.ts";
import { OfferChoice } from "./offer-choice.tsx";
import { EMPTY_OFFER, OfferFields } from "./offer-fields.tsx";

const TEXT = STRINGS.administration;

/** What is done with licences. */
export type TradeForm = keyof typeof TEXT.trades;

/** Has a wallet send something. @returns what is said at the end */
export type Work = (asked: Asked) => Promise<string>;

/** Whether it is done with licences, where there is a market alone. */
export function isTrade(form: string): form is TradeForm {
  return form in TEXT.trades;
}

/** The fields of what is done with the licences of a model, and what they ask for. */
export function useTrade(registry: string, token: string, form: TradeForm | undefined) {
  const [offer, setOffer] = useState(EMPTY_OFFER);
  const [faults, setFaults] = useState<OfferFaults>({});
  const [place, setPlace] = useState(defaultPlace);
  const [chosen, setChosen] = useState<ShownOffer>();
  const [round, setRound] = useState(0);

  /** Reads what was typed; a sentence where it is wrong. */
  const read = async (tokenId: bigint): Promise<Work | string> => {
    const { cancelFromPage, listFromPage, readOfferForm } = await import("../../engine/offers.ts");
    if (form === "cancel") {
      if (chosen === undefined) return TEXT.offer.noneChosen;
      return async (asked) => {
        await cancelFromPage(chosen, asked);
        setRound((before) => before + 1);
        return TEXT.offer.cancelled;
      };
    }
    const said = await readOfferForm(tokenId, offer);
    setFaults("faults" in said ? said.faults : {});
    return "faults" in said ? TEXT.offer.faulty : async (asked) => listFromPage(said, place, asked);
  };

  const fields: Readonly<Record<TradeForm, () => VNode>> = {
    offer: () => <OfferFields form={offer} faults={faults} place={place} onChange={setOffer} onPlace={setPlace} />,
    cancel: () => (
      <OfferChoice
        key={`${registry}/${token}`}
        registry={registry}
        token={token}
        round={round}
        chosen={chosen}
        onChoose={setChosen}
      />
    ),
  };
  return { fields: form === undefined ? null : fields[form](), read };
}

import { useEffect, useState } from "preact/hooks";
import { readForm } from "../../engine/publish/form.ts";
import { fromSigned } from "../../engine/publish/signed-draft.ts";
import type { PinPlace } from "../../engine/publish/pin-files.ts";
import { Banner } from "../../parts/banner.tsx";
import { PinPlaceFields, defaultPlace } from "../../parts/pin-place.tsx";
import { STRINGS } from "../../strings.ts";
import { useWallet } from "../../wallet/choice.tsx";
import { Account } from "./account.tsx";
import { Public } from "./public.tsx";
import { Progress } from "./progress.tsx";
import { doing, recordDraft, signDraft } from "./recording.ts";
import { changeDraft, discardDraft, leaveDraft } from "./session.ts";
import { isReviewed } from "./steps.tsx";
import { useAccount } from "./use-account.ts";
import { NOBODY, useDescribed } from "./use-described.ts";
import { useForecast } from "./use-forecast.ts";
import type { WorkProps } from "./work.tsx";

const TEXT = STRINGS.publish;

/** Everything that is about to happen, before anything leaves this page; then signing, pinning and minting. */
export function Review({ draft }: WorkProps) {
  const { signed, pinned, sent, registry } = draft;
  const wallet = useWallet();
  const account = useAccount(wallet?.provider);
  const [turn, setTurn] = useState(0);
  const [place, setPlace] = useState<PinPlace>(defaultPlace);
  const creator = signed?.account ?? account.address;
  const described = useDescribed(draft, creator);
  const found = signed === undefined ? described?.built : fromSigned(signed);
  // What was described before the account was known is described anew.
  const built = creator !== undefined && found?.metadata.provenance.creator.endsWith(creator) ? found : undefined;
  const owner = readForm(draft.form, draft.read, creator ?? NOBODY).to;
  const forecast = useForecast(registry, sent === undefined ? creator : undefined, owner, built, turn);
  const now = doing.value;
  const isBusy = now.kind !== "nothing" && now.kind !== "stopped";
  const isMine = signed === undefined || account.address === signed.account;
  const isPayable = forecast?.kind === "cost" && forecast.isPayable;
  const mayRecord = !isBusy && isMine && (sent !== undefined || isPayable || forecast?.kind === "recorded");
  const record = () => wallet && void recordDraft(draft, wallet.provider, place);

  // What was sent before is followed as soon as the wallet is there: it is never sent twice.
  useEffect(() => {
    if (sent !== undefined && wallet !== undefined && doing.peek().kind === "nothing") record();
  }, [sent, wallet?.uuid]);

  return (
    <div class="stack">
      <Account
        draft={draft}
        account={account}
        owner={owner}
        forecast={forecast}
        isMine={isMine}
        onAskAgain={() => setTurn(turn + 1)}
      />
      {described?.fault !== undefined && <Banner kind="bad" title={TEXT.account.refused} text={described.fault} />}
      {built !== undefined && <Public built={built} isSigned={signed !== undefined} />}
      {signed !== undefined && pinned === undefined && (
        <section class="sheet">
          <h2>{TEXT.pin.title}</h2>
          <p class="quiet">{TEXT.pin.lead}</p>
          <PinPlaceFields place={place} onChange={setPlace} />
        </section>
      )}
      {signed !== undefined && <Progress draft={draft} now={now} />}
      {now.kind === "stopped" && (
        <Banner kind="bad" title={TEXT.stopped} text={now.text}>
          <p>{TEXT.keptSafe}</p>
        </Banner>
      )}
      <p class="buttons">
        {signed === undefined ? (
          <button
            type="button"
            disabled={isBusy || !isPayable || wallet === undefined}
            onClick={() => wallet && creator && void signDraft(draft, wallet.provider, creator)}
          >
            {now.kind === "signing" ? TEXT.signing : TEXT.sign}
          </button>
        ) : (
          <button type="button" disabled={!mayRecord} onClick={record}>
            {pinned === undefined ? TEXT.record : TEXT.goOn}
          </button>
        )}
        {sent === undefined && (
          <button
            type="button"
            class="plain"
            disabled={isBusy}
            onClick={() => {
              isReviewed.value = false;
              void changeDraft({ signed: undefined, pinned: undefined });
            }}
          >
            {TEXT.back}
          </button>
        )}
        <button type="button" class="plain" onClick={leaveDraft}>
          {TEXT.leave}
        </button>
        {sent === undefined && (
          <button type="button" class="plain" disabled={isBusy} onClick={() => void discardDraft(draft.id)}>
            {TEXT.discard}
          </button>
        )}
      </p>
    </div>
  );
}

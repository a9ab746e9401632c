import { useSignal, useSignalEffect } from "@preact/signals";
import type { LookedUp } from "../../engine/look-up.ts";
import { Banner } from "../../parts/banner.tsx";
import { Field } from "../../parts/field.tsx";
import { formatDay } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { Status } from "../../parts/status.tsx";
import { goTo } from "../../router.ts";
import { STRINGS } from "../../strings.ts";
import { wanted } from "./documents.ts";

const TEXT = STRINGS.lookUp;
const LINK = /(eip155:[1-9]\d*:0x[0-9a-fA-F]{40})\/(0x[0-9a-fA-F]{64})/;

/** Looks for a digest that somebody computed elsewhere. */
export function LookUp() {
  const text = useSignal("");
  const answer = useSignal<LookedUp | string | undefined>(undefined);

  const lookUp = async (typed: string) => {
    const [, account, token] = LINK.exec(typed) ?? [];
    if (account !== undefined && token !== undefined) return goTo(`/${account}/${token.toLowerCase()}`);
    const digest = /(?:^|0x|[^0-9a-fA-F])([0-9a-fA-F]{64})(?![0-9a-fA-F])/.exec(typed)?.[1]?.toLowerCase();
    if (digest === undefined) return void (answer.value = TEXT.invalid);
    answer.value = "busy";
    try {
      answer.value = await (await import("../../engine/look-up.ts")).lookUp(digest);
    } catch (error) {
      answer.value = (error as Error).message;
    }
  };
  useSignalEffect(() => {
    const given = wanted.value;
    if (given === "") return;
    wanted.value = "";
    text.value = given;
    void lookUp(given);
  });
  const submit = (event: Event) => {
    event.preventDefault();
    void lookUp(text.value);
  };
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p>{TEXT.lead}</p>
      <form class="line" onSubmit={submit}>
        <Field label={TEXT.label} hint={TEXT.hint}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              spellcheck={false}
              autocomplete="off"
              value={text.value}
              onInput={(event) => (text.value = event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit">{TEXT.button}</button>
      </form>
      <Answer answer={answer.value} />
    </section>
  );
}

function Answer({ answer }: { readonly answer: LookedUp | string | undefined }) {
  if (answer === undefined) return null;
  if (answer === "busy") return <p role="status">{STRINGS.verify.asking}</p>;
  if (typeof answer === "string") {
    return (
      <p class="fault" role="alert">
        {answer}
      </p>
    );
  }
  const { records, gaps } = answer;
  if (records.length === 0) {
    return (
      <Banner
        kind="unknown"
        title={gaps.length > 0 ? TEXT.unsure : TEXT.none}
        text={gaps.length > 0 ? gaps.join(" ") : TEXT.noneText}
      />
    );
  }
  return (
    <>
      <Banner kind="ok" title={TEXT.found(records.length)} text={TEXT.foundText} />
      <ul class="rows">
        {records.map(({ account, tokenId, as, status, license, recordedAt, creator, registryName, isAnchored }) => (
          <li key={`${account}/${tokenId}/${as}`}>
            <a href={`#/${account}/${tokenId}`}>{STRINGS.verify.open}</a>
            <Status status={status} />
            <span>{TEXT.as[as]}</span>
            {isAnchored && <span>{TEXT.anchored}</span>}
            <span>{license}</span>
            <span>{formatDay(recordedAt)}</span>
            <span class="quiet">{registryName}</span>
            <Hex value={creator} />
          </li>
        ))}
      </ul>
      {gaps.length > 0 && <p class="quiet">{gaps.join(" ")}</p>}
    </>
  );
}

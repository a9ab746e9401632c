import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { KeptModel } from "../../adapters/kept-models.ts";
import { Banner } from "../../parts/banner.tsx";
import { formatTime } from "../../parts/format.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import type { ScreenProps } from "../list.ts";
import { Bare } from "./bare.tsx";
import { Record } from "./record.tsx";

const TEXT = STRINGS.model;

/** One model: what is said of it first, then what was recorded. */
export default function ModelScreen({ params }: ScreenProps) {
  const { registry = "", token = "" } = params;
  const shown = useSignal<KeptModel | Error | undefined>(undefined);
  const wanted = settings.value.registries;
  useEffect(() => {
    let isGone = false;
    shown.value = undefined;
    const show = (result: KeptModel | Error) => {
      if (!isGone) shown.value = result;
    };
    import("../../engine/read-model.ts")
      .then(async ({ openModel }) => openModel(registry, token))
      .then(show, (error: unknown) => show(error as Error));
    return () => {
      isGone = true;
    };
  }, [registry, token, wanted]);

  const now = shown.value;
  if (now === undefined) {
    return (
      <article class="stack">
        <h1>{STRINGS.titles.model}</h1>
        <p class="wait" role="status">
          {STRINGS.verify.asking}
        </p>
      </article>
    );
  }
  if (now instanceof Error) {
    return (
      <article class="stack">
        <h1>{STRINGS.titles.model}</h1>
        <Banner kind="unknown" title={TEXT.notRead} text={now.message}>
          <p>
            <a href="#/settings">{STRINGS.verify.nameOne}</a>
          </p>
        </Banner>
      </article>
    );
  }
  const { opened, readAt, problem } = now;
  return (
    <article class="stack">
      {problem !== undefined && (
        <Banner kind="warn" title={TEXT.kept(formatTime(readAt / 1000))} text={`${TEXT.keptText} ${problem}`} />
      )}
      {opened.model === undefined ? <Bare opened={opened} /> : <Record opened={opened} model={opened.model} />}
    </article>
  );
}

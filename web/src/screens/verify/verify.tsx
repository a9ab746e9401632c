import type { Picked } from "../../adapters/picked-files.ts";
import { Banner } from "../../parts/banner.tsx";
import { DropArea } from "../../parts/drop-area.tsx";
import { shorten } from "../../parts/format.ts";
import { HashProgress } from "../../parts/hash-progress.tsx";
import { PolicyChoice } from "../../parts/policy-choice.tsx";
import { accountOf, keyOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { Bundle } from "./bundle.tsx";
import { LookUp } from "./look-up.tsx";
import { openDocument } from "./documents.ts";
import { type Stage, cancel, check, reset, stage } from "./session.ts";
import { Verdict } from "./verdict.tsx";

const TEXT = STRINGS.verify;

/** What one sees first: files in, who recorded them out. */
export default function VerifyScreen() {
  const now = stage.value;
  if (now.kind === "verdict") return <Verdict {...now} />;
  return (
    <article class="stack">
      <header class="lead">
        <h1>{TEXT.title}</h1>
        <p>{TEXT.lead}</p>
      </header>
      <Asked />
      {now.kind === "failed" && (
        <Banner kind="unknown" title={TEXT.failed} text={now.message}>
          <button type="button" class="plain" onClick={() => reset()}>
            {TEXT.other}
          </button>
        </Banner>
      )}
      {now.kind === "idle" && <DropArea onPicked={take} letGo={TEXT.dropNow} />}
      {now.kind === "idle" && <PolicyChoice />}
      {now.kind === "idle" && now.note !== undefined && (
        <p class="quiet" role="status">
          {now.note}
        </p>
      )}
      {now.kind === "idle" && now.bundle !== undefined && <Bundle bundle={now.bundle} />}
      {(now.kind === "listing" || now.kind === "hashing" || now.kind === "asking") && <Progress stage={now} />}
      {(now.kind === "idle" || now.kind === "failed") && <LookUp />}
    </article>
  );
}

type Busy = Extract<Stage, { kind: "listing" | "hashing" | "asking" }>;

function Progress({ stage: now }: { readonly stage: Busy }) {
  const prepared = now.kind === "listing" ? undefined : now.prepared;
  const total = prepared?.bytes ?? 0;
  const { lock } = prepared ?? {};
  return (
    <HashProgress
      title={{ listing: STRINGS.hashing.listing, hashing: STRINGS.hashing.title, asking: TEXT.asking }[now.kind]}
      listed={prepared?.listed}
      total={total}
      done={now.kind === "hashing" ? now.done : now.kind === "asking" ? total : 0}
      seconds={now.kind === "hashing" ? now.seconds : 0}
      note={lock && TEXT.withLock(shorten(lock.record.tokenId))}
      onCancel={cancel}
    />
  );
}

function take(picked: Picked | undefined): void {
  if (picked === undefined) return reset(TEXT.nothing);
  openDocument(picked).then(
    async (isDocument) => (isDocument ? undefined : check(picked)),
    (error: unknown) => (stage.value = { kind: "failed", message: (error as Error).message }),
  );
}

/** Whose word is asked, before anything is dropped. */
function Asked() {
  const { registries } = settings.value;
  if (registries.length === 0) {
    return (
      <p class="asked asked-none">
        {TEXT.noRegistry} <a href="#/settings">{TEXT.nameOne}</a>
      </p>
    );
  }
  return (
    <p class="asked">
      {TEXT.asks}{" "}
      {registries.map((registry, i) => (
        <span key={keyOf(registry)}>
          {i > 0 && ", "}
          <strong>{registry.name || `chain ${registry.chainId}`}</strong> <code>{accountOf(registry)}</code>{" "}
          <span class="quiet">({STRINGS.settings.sources[registry.source]})</span>
        </span>
      ))}
    </p>
  );
}

import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { findDraft } from "../../adapters/kept-drafts.ts";
import { Banner } from "../../parts/banner.tsx";
import { DropArea } from "../../parts/drop-area.tsx";
import { shorten } from "../../parts/format.ts";
import { HashProgress } from "../../parts/hash-progress.tsx";
import { accountOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import type { ScreenProps } from "../list.ts";
import { FoundDrafts } from "./found-drafts.tsx";
import { HashingFields } from "./hashing-fields.tsx";
import { type Predecessor, begin, cancel, openDraft, reset, stage } from "./session.ts";
import { Steps, stepOf } from "./steps.tsx";
import type { WorkProps } from "./work.tsx";

const TEXT = STRINGS.publish;
const TOKEN = /^(eip155:\d+:0x[0-9a-fA-F]{40})\/(0x[0-9a-f]{64})$/;

/** Publishing: files in, a record out; each step is kept before the next begins. */
export default function PublishScreen({ query }: ScreenProps) {
  const now = stage.value;
  const id = query.get("draft");
  const after = query.get("after");
  useEffect(() => {
    const shown = stage.peek();
    // The address says which draft is meant; any other one is put aside, and listed.
    if (shown.kind === "draft" && shown.draft.id !== id) stage.value = { kind: "idle" };
    if (id !== null && stage.peek().kind === "idle") void findDraft(id).then((draft) => draft && openDraft(draft));
  }, [id, after]);
  return (
    <article class="stack publish">
      <header class="lead">
        <h1>{TEXT.title}</h1>
        {now.kind !== "draft" && <p>{TEXT.lead}</p>}
      </header>
      <Steps now={stepOf(now)} />
      {now.kind === "draft" ? <Loaded draft={now.draft} /> : <Files predecessor={predecessorOf(query)} />}
    </article>
  );
}

/** The first step: which files, and for which registry. */
function Files({ predecessor }: { readonly predecessor: Predecessor | undefined }) {
  const now = stage.value;
  const { registries } = settings.value;
  const [registry, setRegistry] = useState(predecessor?.registry ?? (registries[0] ? accountOf(registries[0]) : ""));
  if (registries.length === 0) {
    return (
      <p class="asked asked-none">
        {TEXT.noRegistry} <a href="#/settings">{STRINGS.verify.nameOne}</a>
      </p>
    );
  }
  if (now.kind === "listing" || now.kind === "hashing") {
    const hashing = now.kind === "hashing" ? now : undefined;
    return (
      <HashProgress
        title={hashing ? STRINGS.hashing.title : STRINGS.hashing.listing}
        listed={hashing?.listed}
        total={hashing?.total ?? 0}
        done={hashing?.done ?? 0}
        seconds={hashing?.seconds ?? 0}
        onCancel={cancel}
      />
    );
  }
  return (
    <>
      {now.kind === "failed" && (
        <Banner kind="unknown" title={TEXT.failed} text={now.message}>
          <button type="button" class="plain" onClick={() => reset()}>
            {TEXT.again}
          </button>
        </Banner>
      )}
      {predecessor !== undefined && (
        <p class="asked">
          {TEXT.after} <a href={`#/${predecessor.registry}/${predecessor.tokenId}`}>{shorten(predecessor.tokenId)}</a>
        </p>
      )}
      <p class="asked publish-into">
        <label for="publish-registry">{TEXT.into}</label>
        <select id="publish-registry" value={registry} onChange={(event) => setRegistry(event.currentTarget.value)}>
          {registries.map((one) => (
            <option key={accountOf(one)} value={accountOf(one)}>
              {one.name === "" ? accountOf(one) : `${one.name} (${shorten(accountOf(one))})`}
            </option>
          ))}
        </select>
      </p>
      {now.kind === "idle" && <HashingFields />}
      {now.kind === "idle" && (
        <DropArea
          letGo={TEXT.letGo}
          onPicked={(picked) =>
            picked === undefined ? reset(STRINGS.verify.nothing) : void begin(picked, registry, predecessor)
          }
        />
      )}
      {now.kind === "idle" && now.note !== undefined && (
        <p class="quiet" role="status">
          {now.note}
        </p>
      )}
      <FoundDrafts />
    </>
  );
}

/** What comes after the files needs much more code: it is loaded then. */
function Loaded({ draft }: WorkProps) {
  const [Work, setWork] = useState<{ readonly of: ComponentType<WorkProps> }>();
  useEffect(() => void import("./work.tsx").then(({ default: of }) => setWork({ of })), []);
  return Work === undefined ? <p class="wait">{STRINGS.loading}</p> : <Work.of draft={draft} />;
}

function predecessorOf(query: URLSearchParams): Predecessor | undefined {
  const [, registry, tokenId] = TOKEN.exec(query.get("after") ?? "") ?? [];
  return registry === undefined || tokenId === undefined ? undefined : { registry, tokenId };
}

import { useEffect, useState } from "preact/hooks";
import { type Draft, dropDraft, listDrafts } from "../../adapters/kept-drafts.ts";
import { shorten } from "../../parts/format.ts";
import { STRINGS } from "../../strings.ts";
import { openDraft } from "./session.ts";

const TEXT = STRINGS.publish.found;

/** Models that were begun in this browser, each with how far it came. */
export function FoundDrafts() {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const look = () => void listDrafts().then(setDrafts);
  useEffect(look, []);
  if (drafts.length === 0) return null;
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p class="quiet">{TEXT.lead}</p>
      <ul class="drafts">
        {drafts.map((draft) => (
          <li key={draft.id}>
            <div>
              <strong>{nameOf(draft)}</strong> <code>{shorten(draft.id)}</code>
              <p class="quiet">{TEXT.stages[stageOf(draft)]}</p>
            </div>
            <p class="buttons">
              <button type="button" class="plain small" onClick={() => openDraft(draft)}>
                {TEXT.open(nameOf(draft))}
              </button>
              <button type="button" class="plain small" onClick={() => void dropDraft(draft.id).then(look)}>
                {TEXT.discard(nameOf(draft))}
              </button>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function nameOf({ form, read, id }: Draft): string {
  return form.name.trim() || read.model.path || shorten(id);
}

function stageOf({ done, sent, pinned, signed }: Draft): keyof typeof TEXT.stages {
  if (done !== undefined) return "done";
  if (sent !== undefined) return "sent";
  if (pinned !== undefined) return "pinned";
  return signed === undefined ? "statement" : "signed";
}

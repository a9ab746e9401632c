import { formatBytes, formatDuration, shorten } from "../../parts/format.ts";
import { FileList } from "../../parts/file-list.tsx";
import { STRINGS } from "../../strings.ts";
import { type Stage, cancel } from "./session.ts";

const TEXT = STRINGS.verify;

/** What is hashed, how far that is, and how to stop it. */
export function Progress({ stage }: { readonly stage: Extract<Stage, { kind: "listing" | "hashing" | "asking" }> }) {
  const prepared = stage.kind === "listing" ? undefined : stage.prepared;
  const total = prepared?.bytes ?? 0;
  const done = stage.kind === "hashing" ? stage.done : stage.kind === "asking" ? total : 0;
  const speed = stage.kind === "hashing" && stage.seconds > 0.5 ? done / stage.seconds : 0;
  const title = { listing: TEXT.listing, hashing: TEXT.hashing, asking: TEXT.asking }[stage.kind];
  return (
    <section class="sheet progress" aria-busy="true">
      <div class="progress-head">
        <h2 aria-live="polite">{title}</h2>
        <button type="button" class="plain" onClick={cancel}>
          {TEXT.cancel}
        </button>
      </div>
      <progress max={total || 1} value={done} aria-label={TEXT.hashing} />
      {prepared !== undefined && (
        <p class="progress-facts">
          <span>{TEXT.progress(formatBytes(done), formatBytes(total))}</span>
          {speed > 0 && <span>{TEXT.speed(formatBytes(speed))}</span>}
          {speed > 0 && done < total && <span>{TEXT.left(formatDuration((total - done) / speed))}</span>}
        </p>
      )}
      {prepared?.lock !== undefined && <p>{TEXT.withLock(shorten(prepared.lock.record.tokenId))}</p>}
      {prepared !== undefined && (
        <>
          <h3>
            {prepared.listed.name || STRINGS.files.title}{" "}
            <span class="quiet">{TEXT.count(prepared.listed.files.length, formatBytes(total))}</span>
          </h3>
          <FileList
            rows={prepared.listed.files.map(({ name, file }) => ({ name, size: formatBytes(file.size), detail: null }))}
          />
        </>
      )}
    </section>
  );
}

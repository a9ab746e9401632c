import type { ListedModel } from "../engine/hash-model.ts";
import { STRINGS } from "../strings.ts";
import { FileList } from "./file-list.tsx";
import { formatBytes, formatDuration } from "./format.ts";

const TEXT = STRINGS.hashing;

/** What is hashed, how far that is, and how to stop it. */
export function HashProgress(props: {
  readonly title: string;
  /** What is hashed, once that is known. */
  readonly listed?: ListedModel | undefined;
  /** In bytes, as `done`. */
  readonly total: number;
  readonly done: number;
  readonly seconds: number;
  readonly note?: string | undefined;
  readonly onCancel: () => void;
}) {
  const { title, listed, total, done, seconds, note, onCancel } = props;
  const speed = seconds > 0.5 ? done / seconds : 0;
  return (
    <section class="sheet progress" aria-busy="true">
      <div class="progress-head">
        <h2 aria-live="polite">{title}</h2>
        <button type="button" class="plain" onClick={onCancel}>
          {TEXT.cancel}
        </button>
      </div>
      <progress max={total || 1} value={done} aria-label={TEXT.title} />
      {listed !== undefined && (
        <p class="progress-facts">
          <span>{TEXT.progress(formatBytes(done), formatBytes(total))}</span>
          {speed > 0 && <span>{TEXT.speed(formatBytes(speed))}</span>}
          {speed > 0 && done < total && <span>{TEXT.left(formatDuration((total - done) / speed))}</span>}
        </p>
      )}
      {note !== undefined && <p>{note}</p>}
      {listed !== undefined && (
        <>
          <h3>
            {listed.name || STRINGS.files.title}{" "}
            <span class="quiet">{STRINGS.verify.count(listed.files.length, formatBytes(total))}</span>
          </h3>
          <FileList
            rows={listed.files.map(({ name, file }) => ({ name, size: formatBytes(file.size), detail: null }))}
          />
        </>
      )}
    </section>
  );
}

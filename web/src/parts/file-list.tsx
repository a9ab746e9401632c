import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { STRINGS } from "../strings.ts";
import { Field } from "./field.tsx";

const TEXT = STRINGS.files;
const SHOWN = 100;
const SEARCHED_FROM = 12;

/** What is shown of one file. */
export interface FileRow {
  readonly name: string;
  readonly size: string;
  readonly status?: keyof typeof TEXT.rows;
  readonly detail: ComponentChildren;
}

/** Files with a search over their names; of many some are shown at a time. */
export function FileList({ rows }: { readonly rows: readonly FileRow[] }) {
  const wanted = useSignal("");
  const shown = useSignal(SHOWN);
  const text = wanted.value.trim().toLowerCase();
  const found = text === "" ? rows : rows.filter(({ name }) => name.toLowerCase().includes(text));
  const left = found.length - shown.value;
  return (
    <div class="files">
      {rows.length >= SEARCHED_FROM && (
        <Field label={TEXT.search}>
          {(field) => (
            <input
              {...field}
              type="search"
              value={wanted.value}
              onInput={(event) => (wanted.value = event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {found.length === 0 && <p class="quiet">{TEXT.none}</p>}
      <ul class="file-rows">
        {found.slice(0, shown.value).map(({ name, size, status, detail }) => (
          <li key={`${name} ${status}`} class={status === undefined ? "" : `file-${status}`}>
            <span class="file-name">{name}</span>
            <span class="file-size">{size}</span>
            {status !== undefined && <span class="file-status">{TEXT.rows[status]}</span>}
            <div class="file-detail">{detail}</div>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button type="button" class="plain small" onClick={() => (shown.value += 10 * SHOWN)}>
          {TEXT.more(Math.min(left, 10 * SHOWN))}
        </button>
      )}
    </div>
  );
}

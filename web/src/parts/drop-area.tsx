import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Picked, readChosen, readDropped } from "../adapters/picked-files.ts";
import { STRINGS } from "../strings.ts";

const TEXT = STRINGS.picking;

/** Told of what was picked: undefined where nothing of it is a file. */
export type OnPicked = (picked: Picked | undefined) => void;

/** Where a model is dropped, or chosen. The whole window takes it. */
export function DropArea({ onPicked, letGo }: { readonly onPicked: OnPicked; readonly letGo: string }) {
  const isOver = useSignal(false);
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      isOver.value = true;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) isOver.value = false;
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      isOver.value = false;
      if (event.dataTransfer !== null) void readDropped(event.dataTransfer).then(onPicked);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [onPicked]);

  const asFolder = (input: HTMLInputElement | null) => {
    folder.current = input;
    if (input !== null) input.webkitdirectory = true;
  };
  const chosen = (event: Event & { readonly currentTarget: HTMLInputElement }) => {
    const list = Array.from(event.currentTarget.files ?? []);
    event.currentTarget.value = "";
    if (list.length > 0) onPicked(readChosen(list));
  };
  return (
    <section class={`drop ${isOver.value ? "drop-over" : ""}`} aria-label={TEXT.drop}>
      <svg class="drop-sign" viewBox="0 0 64 48" aria-hidden="true" focusable="false">
        <path d="M2 10h20l5 6h35v30H2z" />
        <path d="M32 22v16M25 31l7 7 7-7" />
      </svg>
      <p class="drop-text">{isOver.value ? letGo : TEXT.drop}</p>
      <p class="buttons">
        <button type="button" onClick={() => folder.current?.click()}>
          {TEXT.folder}
        </button>
        <button type="button" class="plain" onClick={() => files.current?.click()}>
          {TEXT.files}
        </button>
      </p>
      <input ref={asFolder} type="file" hidden multiple aria-label={TEXT.folder} onChange={chosen} />
      <input ref={files} type="file" hidden multiple aria-label={TEXT.files} onChange={chosen} />
    </section>
  );
}

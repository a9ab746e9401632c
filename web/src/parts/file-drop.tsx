import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { readChosen, readDropped } from "../adapters/picked-files.ts";
import { STRINGS } from "../strings.ts";
import type { OnPicked } from "./drop-area.tsx";

/** A button that chooses files, by what it says. */
interface Chooser {
  readonly name: string;
  readonly isFolder?: boolean;
  /** As `accept` of an input. */
  readonly accept?: string;
}

/** A small place of a form where something is dropped, or chosen. */
export function FileDrop(props: {
  readonly choosers: readonly Chooser[];
  readonly onPicked: OnPicked;
  /** What became of it. */
  readonly children?: ComponentChildren;
}) {
  const { choosers, onPicked, children } = props;
  const isOver = useSignal(false);

  // What misses it would be opened by the browser in the place of the page.
  useEffect(() => {
    const ignore = (event: DragEvent) => event.preventDefault();
    addEventListener("dragover", ignore);
    addEventListener("drop", ignore);
    return () => {
      removeEventListener("dragover", ignore);
      removeEventListener("drop", ignore);
    };
  }, []);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    isOver.value = false;
    if (event.dataTransfer !== null) void readDropped(event.dataTransfer).then(onPicked);
  };
  return (
    <div
      class={`file-drop ${isOver.value ? "drop-over" : ""}`}
      onDragOver={() => (isOver.value = true)}
      onDragLeave={() => (isOver.value = false)}
      onDrop={drop}
    >
      <p class="buttons">
        {choosers.map((chooser) => (
          <ChooseButton key={chooser.name} chooser={chooser} onPicked={onPicked} />
        ))}
        <span class="quiet file-drop-text">{STRINGS.picking.orDrop}</span>
      </p>
      {children}
    </div>
  );
}

function ChooseButton({ chooser, onPicked }: { readonly chooser: Chooser; readonly onPicked: OnPicked }) {
  const { name, isFolder = false, accept } = chooser;
  const input = useRef<HTMLInputElement | null>(null);
  const setInput = (element: HTMLInputElement | null) => {
    input.current = element;
    if (element !== null) element.webkitdirectory = isFolder;
  };
  const chosen = (event: Event & { readonly currentTarget: HTMLInputElement }) => {
    const list = Array.from(event.currentTarget.files ?? []);
    event.currentTarget.value = "";
    if (list.length > 0) onPicked(readChosen(list));
  };
  return (
    <>
      <button type="button" class="plain small" onClick={() => input.current?.click()}>
        {name}
      </button>
      <input
        ref={setInput}
        type="file"
        hidden
        multiple={isFolder}
        accept={accept}
        aria-label={name}
        onChange={chosen}
      />
    </>
  );
}

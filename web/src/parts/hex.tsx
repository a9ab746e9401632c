import { useSignal } from "@preact/signals";
import { STRINGS } from "../strings.ts";
import { shorten } from "./format.ts";

/** A digest or an address: short to look at, whole to copy and to hear. */
export function Hex({ value, whole = false }: { readonly value: string; readonly whole?: boolean }) {
  const isCopied = useSignal(false);
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => (isCopied.value = true),
      () => undefined,
    );
  };
  return (
    <span class="hex">
      <code title={value}>
        {whole ? value : <span aria-hidden="true">{shorten(value)}</span>}
        {!whole && <span class="hidden">{value}</span>}
      </code>
      <button type="button" class="copy" onClick={copy} aria-label={`${STRINGS.files.copy} ${value}`}>
        {isCopied.value ? STRINGS.files.copied : STRINGS.files.copy}
      </button>
    </span>
  );
}

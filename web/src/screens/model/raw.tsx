import type { ExportedModel } from "model-provenance-nft/core";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.model.raw;

/** The record and the metadata as they are, for those who want nothing left out. */
export function Raw({ model }: { readonly model: ExportedModel }) {
  const { record, event, metadata } = model;
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <details>
        <summary>{TEXT.record}</summary>
        <pre tabIndex={0}>{print({ ...record, event })}</pre>
      </details>
      <details>
        <summary>{TEXT.metadata}</summary>
        <pre tabIndex={0}>{print(metadata)}</pre>
      </details>
    </section>
  );
}

function print(value: unknown): string {
  const plain = (_: string, one: unknown) =>
    typeof one === "bigint" ? `0x${one.toString(16).padStart(64, "0")}` : one;
  return JSON.stringify(value, plain, 2);
}

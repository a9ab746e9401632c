import { useSignal } from "@preact/signals";
import type { ExportedModel } from "model-provenance-nft/core";
import { saveText } from "../../parts/save.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.model.downloads;

/** The record as files: its metadata, and the forms that other people's tools read. They are made here. */
export function Downloads({ model }: { readonly model: ExportedModel }) {
  const fault = useSignal("");
  const run = (work: () => Promise<void>) => () => {
    fault.value = "";
    work().catch((error: unknown) => (fault.value = (error as Error).message));
  };
  const saveMetadata = run(async () => {
    const { metadataBytes } = await import("../../engine/exports.ts");
    saveText(`${nameOf(model)}.metadata.json`, metadataBytes(model));
  });
  const saveForm = (name: string) =>
    run(async () => {
      const { exportAs } = await import("../../engine/exports.ts");
      const { text, extension, mediaType } = await exportAs(model, name);
      saveText(`${nameOf(model)}.${extension}`, text, mediaType);
    });
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p class="buttons">
        <button type="button" class="plain" onClick={saveMetadata}>
          {TEXT.metadata}
        </button>
        {Object.entries(TEXT.forms).map(([name, title]) => (
          <button key={name} type="button" class="plain" onClick={saveForm(name)}>
            {title}
          </button>
        ))}
      </p>
      {fault.value !== "" && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
    </section>
  );
}

function nameOf({ metadata, tokenId }: ExportedModel): string {
  return metadata.name.replaceAll(/[^\w.-]+/g, "-").slice(0, 60) || tokenId.slice(0, 10);
}

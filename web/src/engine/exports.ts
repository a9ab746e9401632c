import { type ExportedModel, ALL_FORMS, ProvenanceError, canonicalJson, writeForm } from "model-provenance-nft/core";

/** An export as it is saved. */
export interface SavedForm {
  readonly text: string;
  readonly extension: string;
  readonly mediaType: string;
}

/** The metadata as they are pinned: their SHA-256 stands on the chain. */
export function metadataBytes({ metadata }: ExportedModel): string {
  return new TextDecoder().decode(canonicalJson(metadata));
}

/** Writes a record in one of the forms of `model-provenance export`. @throws {ProvenanceError} `OPTION_INVALID` */
export async function exportAs(model: ExportedModel, name: string): Promise<SavedForm> {
  const form = ALL_FORMS.find((one) => one.name === name);
  if (form === undefined) throw new ProvenanceError("OPTION_INVALID", `There is no form ${name}.`);
  const bytes = await writeForm(form, model, {});
  const { extension, mediaType } = form;
  return { text: new TextDecoder().decode(bytes), extension, mediaType };
}

import { CROISSANT } from "./croissant/croissant.ts";
import { CYCLONEDX } from "./cyclonedx/cyclonedx.ts";
import type { ExportForm } from "./form.ts";
import { GPAI, GPAI_JSON } from "./gpai/gpai.ts";
import { HTML } from "./html/html.ts";

/** All forms, in the order of help and documentation. */
export const FORMS: readonly ExportForm[] = [CYCLONEDX, CROISSANT, HTML, GPAI, GPAI_JSON];

/** The form of this name; undefined: there is none. */
export function findForm(name: string): ExportForm | undefined {
  return FORMS.find((form) => form.name === name);
}

import { BUNDLE } from "./bundle/bundle.ts";
import type { ExportForm } from "./form.ts";
import { FORMS } from "./forms.ts";

/** Everything that a record is exported as: each form, and the bundle of them. */
export const ALL_FORMS: readonly ExportForm[] = [...FORMS, BUNDLE];

import type { ExportForm } from "../../exports/form.ts";
import { ALL_FORMS } from "../../exports/all-forms.ts";
import { HUB_OPTIONS, NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import type { OptionName } from "../options.ts";
import { AT, type Verb } from "../verb.ts";

const TAKEN: Readonly<Record<NonNullable<ExportForm["takes"]>[number], readonly OptionName[]>> = {
  ancestors: ["exportAncestors"],
  key: ["privateKey", "privateKeyPassword"],
  issuer: ["exportIssuer"],
  pack: [],
};

/** `export <form>`: write a record in a form that other people's tools read; a verb for each form. */
export const EXPORT_FORM_VERBS: readonly Verb[] = ALL_FORMS.map(toVerb);

function toVerb(form: ExportForm): Verb {
  const { name, summary, specs, takes = [], extension } = form;
  return {
    name: `export ${name}`,
    summary,
    positionals: ["exportOf"],
    usage: "TOKEN|PATH|hf:MODEL",
    chain: "read",
    options: [
      "outputPath",
      "exportCheck",
      ...(specs !== undefined && specs.length > 1 ? (["exportSpec"] as const) : []),
      ...takes.flatMap((what) => TAKEN[what]),
      "registriesFile",
      "hfCache",
      "ignorePaths",
      ...HUB_OPTIONS,
      "storePath",
      ...NAMING_OPTIONS,
      ...READING_OPTIONS,
      "keepFetched",
    ],
    examples: [
      `0x2d6b… --out my-model.${extension} ${AT}`,
      `./my-model --check my-model.${extension} --registries registries.yaml`,
    ],
    run: async (options, { connect, terminal }) =>
      (await import("../run/export-form.ts")).runExportForm(form, options, connect, terminal),
  };
}

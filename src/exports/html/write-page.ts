import { visibleName } from "../../base/visible-name.ts";
import { describeStatus, versionOf } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { FieldRow, FormWriter } from "../form.ts";
import { files, readFiles } from "./files.ts";
import { glance } from "./glance.ts";
import { history } from "./history.ts";
import { licence } from "./licence.ts";
import { Markup, html } from "./markup.ts";
import { origin } from "./origin.ts";
import { instructions, proof } from "./proof.ts";
import { statements } from "./statements.ts";
import { STYLE } from "./style.ts";
import { toDate } from "./words.ts";

/** Where on the page what stands: the section, and the label or heading in it. */
const FIELDS: readonly FieldRow[] = [
  { ours: "metadata.name", theirs: "head.title" },
  { ours: "status.word", theirs: "head.status", note: "with who, when and why" },
  { ours: "publisher", theirs: "glance.Publisher" },
  { ours: "record.creator", theirs: "glance.Recorded by" },
  { ours: "record.mintedAt", theirs: "glance.Recorded on" },
  { ours: "version", theirs: "glance.Version" },
  { ours: "record.license", theirs: "glance.Licence" },
  { ours: "task", theirs: "glance.Task" },
  { ours: "modelArchitecture, parameters", theirs: "glance.Kind" },
  { ours: "framework", theirs: "glance.Framework" },
  { ours: "record.registry", theirs: "glance.Registry" },
  { ours: "record.license", theirs: "licence.Licence", note: "with what it asks" },
  { ours: "parents", theirs: "origin.Parents in a registry" },
  { ours: "baseModels", theirs: "origin.Base models outside of registries" },
  { ours: "lineage.models", theirs: "origin.Where it came from", note: "all with --ancestors, drawn" },
  { ours: "lineage.children", theirs: "origin.Models that say they came from it" },
  { ours: "datasets, datasetCid, datasetDigest", theirs: "statements.Data it was trained on" },
  { ours: "metrics", theirs: "statements.Results" },
  { ours: "trainingConfig, extensions", theirs: "statements.Training and more" },
  { ours: "status.statements", theirs: "history.What happened since" },
  { ours: "manifest.resources", theirs: "files.Files" },
];

/** Writes and reads back the page. */
export const HTML_WRITER: FormWriter = {
  fields: FIELDS,
  write: (model) => toPage(model).text,
  readDigests: (bytes) => readFiles(new TextDecoder().decode(bytes)),
  readDocument,
};

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

function toPage(model: ExportedModel): Markup {
  const { metadata, id } = model;
  const name = visibleName(metadata.name);
  const version = versionOf(model);
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}" />
        <title>${name}: where it came from</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <p class="kind">Record of an AI model</p>
            <h1><bdi>${name}</bdi></h1>
            ${version === undefined ? undefined : html`<p class="kind">Version ${version}</p> `}${banner(model)}
          </header>
          ${glance(model)}${licence(model)}${origin(model)}${statements(model)}${history(model)}${files(model)}${proof(model)}${instructions(model)}
          <footer>${id}</footer>
        </main>
      </body>
    </html> `;
}

/** The status comes first: nobody should read on who must not use the model. */
function banner({ status, record }: ExportedModel): Markup {
  const { word, statement, of } = status;
  if (word === "active") {
    const since = statement === undefined ? "" : ` It was ${describeStatus(statement)}.`;
    return html`<div class="status active">
      <strong>Recorded, and not recalled</strong>
      <p>
        Recorded on ${toDate(record.mintedAt)}; when this page was made nobody whose word counts had recalled
        it.${since}
      </p>
    </div> `;
  }
  const head =
    word === "revoked"
      ? "Revoked: do not use this model"
      : "Deprecated: there is a reason not to use this model any more";
  const who =
    statement &&
    html`<p>
      Said by <code>${statement.account}</code> on
      ${toDate(statement.time)}${of ? " of another record of the same files" : ""}${statement.reason === "" ? ", without a reason." : ":"}
    </p>`;
  const why =
    statement === undefined || statement.reason === ""
      ? undefined
      : html`<p><q class="text">${statement.reason}</q></p>`;
  return html`<div class="status ${word}"><strong>${head}</strong>${who}${why}</div> `;
}

/** Sections of a page with their headings and labels, as the rows of `fields` name them. */
function readDocument(bytes: Uint8Array): Record<string, Record<string, true>> {
  const page = new TextDecoder().decode(bytes);
  const sections = [...page.matchAll(/<section id="(\w+)">([^]*?)<\/section>/g)].map(([, id = "", content = ""]) => {
    const labels = [...content.matchAll(/<(?:h2|h3|dt)>([^<]*)</g)].map(([, label = ""]) => [label, true] as const);
    return [id, Object.fromEntries(labels)] as const;
  });
  const head = {
    ...(/<h1>/.test(page) && { title: true as const }),
    ...(/class="status /.test(page) && { status: true as const }),
  };
  return { head, ...Object.fromEntries(sections) };
}

import { visibleName } from "../../base/visible-name.ts";
import { describeAnswer } from "../describe.ts";
import { type ExportedModel, type Relative, idOf, nameOf } from "../exported-model.ts";
import { drawRelatives } from "./lineage-drawing.ts";
import { Markup, html } from "./markup.ts";
import { section } from "./section.ts";

/** What it came from and what came from it, by name. */
export function origin(model: ExportedModel): Markup {
  const { parents, children, metadata, ancestry, lineage } = model;
  const bases = metadata.provenance.baseModels ?? [];
  const isAlone = parents.length + bases.length === 0;
  const direct = new Set(parents.map(idOf));
  const further = (lineage?.models ?? []).filter((relative) => !direct.has(idOf(relative)));
  const drawing = drawRelatives(model);
  const worst = ancestry !== undefined && ancestry.worst !== "active" ? ancestry : undefined;
  return section(
    "origin",
    "Where it came from",
    worst &&
      html`<p class="warn">
        An ancestor, ${worst.name ?? "whose name is not known here"}, is
        ${worst.worst}${worst.statement?.reason ? html`: <q>${worst.statement.reason}</q>` : ""}.
      </p> `,
    isAlone ? html`<p>The publisher names no model that it was made from.</p> ` : undefined,
    parents.length > 0 ? relatives("Parents in a registry", parents) : undefined,
    bases.length > 0
      ? html`<h3>Base models outside of registries</h3>
          <p>As the publisher says; nobody there can confirm it.</p>
          <ul>
            ${bases.map(({ uri, relation }) => html`<li><span class="text">${uri}</span>, ${relation}</li>`)}
          </ul> `
      : undefined,
    further.length > 0 ? relatives("Ancestors further up", further) : undefined,
    children.length > 0 ? relatives("Models that say they came from it", children) : undefined,
    drawing &&
      html`<figure>
        <div class="wide" role="group" tabindex="0" aria-label="Drawing of the lineage">${drawing}</div>
        <figcaption>
          The lineage: solid lines are confirmed by the parent’s owner, dashed ones are only claimed.
        </figcaption>
      </figure> `,
  );
}

function relatives(title: string, all: readonly Relative[]): Markup {
  const rows = all.map((relative) => {
    const { relation, endorsed, record, tokenId } = relative;
    const state = record?.status ?? "not known here";
    return html`<tr><th scope="row"><bdi>${visibleName(nameOf(relative))}</bdi><br><small><code>${tokenId.slice(0, 10)}…${tokenId.slice(-4)}</code></small></th><td>${relation}</td><td>${describeAnswer(endorsed)}</td><td${state === "active" || record === undefined ? "" : new Markup(' class="bad"')}>${state}</td><td>${record === undefined ? "" : record.license || "none stated"}</td></tr>\n`;
  });
  return html`<h3>${title}</h3>
    <div class="wide" role="group" tabindex="0" aria-label="${title}">
      <table class="models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">How</th>
            <th scope="col">Confirmed</th>
            <th scope="col">Status</th>
            <th scope="col">Licence</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div> `;
}

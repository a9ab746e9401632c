import { visibleName } from "../../base/visible-name.ts";
import { type Publisher, describeClaim } from "../../registry/publishers/publisher.ts";
import { versionOf } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import { type Markup, html } from "./markup.ts";
import { facts, section } from "./section.ts";
import { toChain, toCount, toDate, toSize } from "./words.ts";

/** What people ask first. */
export function glance(model: ExportedModel): Markup {
  const { place, record, metadata, resources, publisher, batch } = model;
  const { task, modelArchitecture, framework, parameters } = metadata.provenance;
  const size = resources.reduce((sum, resource) => sum + resource.size, 0);
  const count = parameters && `${toCount(parameters.total)} parameters`;
  return section(
    "glance",
    "At a glance",
    facts([
      ["Publisher", nameOf(publisher)],
      ["Recorded by", html`<code>${record.creator}</code>`],
      ["Recorded on", toDate(record.mintedAt)],
      ["Version", versionOf(model)],
      ["Licence", record.license === "" ? "none was stated" : record.license],
      ["Task", task],
      ["Kind", [modelArchitecture, count].filter(Boolean).join(", ") || undefined],
      [
        "Framework",
        framework ? [framework.name, framework.version].filter(Boolean).join(" ") : record.framework || undefined,
      ],
      ["Files", `${toCount(resources.length)}, ${toSize(size)} together`],
      ["Owner now", record.owner && record.owner !== record.creator ? html`<code>${record.owner}</code>` : undefined],
      [
        "Registry",
        html`<code>${place.address}</code> on ${toChain(place.chainId)}${batch ? ", in an anchored batch" : ""}`,
      ],
    ]),
  );
}

/** A name only where it holds both ways; what else is said, and how far it holds, stands below it. */
function nameOf(publisher: Publisher | undefined): Markup {
  if (publisher === undefined) return html`not asked for; the account below recorded it`;
  const { name, claims, unread = [] } = publisher;
  const notes = [...claims.map(describeClaim), ...unread.map((why) => `not all could be asked: ${why}`)];
  const head = name === undefined ? "not known by name; the account below recorded it" : visibleName(name);
  return html`${head}${notes.map((note) => html`<br /><small>${note}</small>`)}`;
}

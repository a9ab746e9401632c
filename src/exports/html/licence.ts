import { describeTerms } from "../../metadata/license-terms.ts";
import { isSpdxExpression } from "../../metadata/license.ts";
import type { ExportedModel } from "../exported-model.ts";
import { type Markup, html } from "./markup.ts";
import { section } from "./section.ts";

/** What the licence asks, and where its text is. */
export function licence({ record, metadata }: ExportedModel): Markup {
  const { license } = record;
  if (license === "") {
    const text =
      "The publisher stated no licence. Without one nobody else may use, copy or change the model: ask the publisher.";
    return section("licence", "Licence", html`<p>${text}</p> `);
  }
  const alternatives = isSpdxExpression(license) ? describeTerms(license) : undefined;
  const links = [...new Set(license.match(/[A-Za-z0-9.-]+/g) ?? [])].filter(
    (id) => /\d|MIT|ISC|Unlicense/.test(id) && !id.startsWith("LicenseRef"),
  );
  const lists = alternatives?.map((asked) => (asked.length === 0 ? html`<p>It asks nothing.</p> ` : list(asked)));
  const or = html`<p>or, as the taker chooses:</p> `;
  return section(
    "licence",
    "Licence",
    html`<p><strong>${license}</strong>, as the publisher stated it. What it asks, in short; its own text counts:</p> `,
    lists === undefined
      ? html`<p>This is not a known expression of licences: read what the publisher wrote.</p> `
      : lists.flatMap((one, i) => (i === 0 ? [one] : [or, one])),
    links.length > 0 && alternatives !== undefined
      ? html`<p>
          Texts:
          ${links.map((id, i) => html`${i > 0 ? ", " : ""}<a href="https://spdx.org/licenses/${id}.html">${id}</a>`)}
        </p> `
      : undefined,
    metadata.provenance.royalty
      ? html`<p>
          When the token is sold, ${metadata.provenance.royalty.basisPoints / 100} % go to
          <code>${metadata.provenance.royalty.receiver}</code>.
        </p> `
      : undefined,
  );
}

function list(all: readonly string[]): Markup {
  return html`<ul>
    ${all.map((text) => html`<li>${text}</li>`)}
  </ul> `;
}

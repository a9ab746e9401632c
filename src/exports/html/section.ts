import { type Markup, type Part, html } from "./markup.ts";

/** A row of a section: what it is called, and what is known of it. */
export type Fact = readonly [label: string, value: Part];

/** A part of the page under a heading; undefined where there is nothing to say. */
export function section(id: string, title: string, ...content: readonly Part[]): Markup {
  return html`<section id="${id}">
    <h2>${title}</h2>
    ${content}
  </section> `;
}

/** Names and values, those that are known. */
export function facts(all: readonly Fact[]): Markup {
  const known = all.filter(([, value]) => value !== undefined);
  return html`<dl>
    ${known.map(
      ([label, value]) =>
        html`<dt>${label}</dt>
          <dd>${value}</dd> `,
    )}
  </dl> `;
}

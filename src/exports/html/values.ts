import { toValueParts } from "../../metadata/value-parts.ts";
import { type Markup, html } from "./markup.ts";

/** A value of which nobody here knows what it is, as people read it: lists in lists. */
export function toParts(value: unknown, depth = 0): Markup {
  const parts = toValueParts(value, depth);
  if (typeof parts === "string") return html`<span class="text">${parts}</span>`;
  return html`<ul>
    ${parts.map(([name, member]) => html`<li>${name === undefined ? "" : `${name}: `}${toParts(member, depth + 1)}</li> `)}
  </ul> `;
}

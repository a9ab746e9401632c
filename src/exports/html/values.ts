import { isRecord } from "../../base/is-record.ts";
import { type Markup, html } from "./markup.ts";

// Deeper, or longer, it is no reading for people: it stands as it is written.
const MAX_DEPTH = 4;
const MAX_MEMBERS = 100;

/** A value of which nobody here knows what it is, as people read it: lists in lists, and words where there is one line of them. */
export function toParts(value: unknown, depth = 0): Markup {
  if (Array.isArray(value) && value.length > 0 && value.every(isWord))
    return html`<span class="text">${value.map(String).join(", ")}</span>`;
  const members: readonly (readonly [string | undefined, unknown])[] | undefined = Array.isArray(value)
    ? value.map((member: unknown) => [undefined, member] as const)
    : isRecord(value)
      ? Object.entries(value)
      : undefined;
  if (members === undefined || members.length > MAX_MEMBERS || depth === MAX_DEPTH) return toText(value);
  if (members.length === 0) return html`none`;
  return html`<ul>
    ${members.map(([name, member]) => html`<li>${name === undefined ? "" : `${name}: `}${toParts(member, depth + 1)}</li> `)}
  </ul> `;
}

function toText(value: unknown): Markup {
  return html`<span class="text">${typeof value === "string" ? value : JSON.stringify(value)}</span>`;
}

function isWord(value: unknown): value is string | number | boolean {
  return typeof value !== "object" && !(typeof value === "string" && value.includes("\n"));
}

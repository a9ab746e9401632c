import type { ExportedModel } from "../exported-model.ts";
import type { StatedDigest } from "../form.ts";
import { type Markup, exactly, html, unescape } from "./markup.ts";
import { section } from "./section.ts";
import { toCount, toSize } from "./words.ts";

// More are folded away: they would be many pages of paper.
const MAX_OPEN = 60;

/** All files with their sizes and digests. */
export function files({ resources }: ExportedModel): Markup {
  const rows = resources.map(({ name, size, sha256 }) => {
    return html`<tr data-name="${exactly(name)}">
      <th scope="row">${name}</th>
      <td>${toSize(size)}</td>
      <td><code>${sha256}</code></td>
    </tr> `;
  });
  const table = html`<table class="files">
    <thead>
      <tr>
        <th scope="col">File</th>
        <th scope="col">Size</th>
        <th scope="col">SHA-256</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table> `;
  const count = toCount(resources.length);
  const folded = html`<details>
    <summary>All ${count} files with their digests</summary>
    ${table}
  </details> `;
  const intro = html`<p>
    These bytes, and no others, were recorded: ${count} ${resources.length === 1 ? "file" : "files"}.
  </p> `;
  return section("files", "Files", intro, resources.length > MAX_OPEN ? folded : table);
}

/** The files that a page names, and the digests it says they have. */
export function readFiles(page: string): StatedDigest[] {
  const rows = page.matchAll(/<tr data-name="([^"]*)">[^]*?<code>([^<]*)<\/code>/g);
  return [...rows].map(([, name = "", sha256 = ""]): StatedDigest => [unescape(name), sha256]);
}

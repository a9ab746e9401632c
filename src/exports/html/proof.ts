import { explorerLinks } from "../../registry/networks.ts";
import type { ExportedModel } from "../exported-model.ts";
import { type Markup, html } from "./markup.ts";
import { section } from "./section.ts";
import { toChain, toDate } from "./words.ts";

/** What can be relied upon, what cannot, and what was not found out. */
export function proof({ record, place, signed, contradictions, unknown }: ExportedModel): Markup {
  const signature =
    signed === undefined
      ? "Whether the account also signed the statements could not be checked."
      : signed
        ? "The account signed the statements, too (EIP-712)."
        : "The signature under the statements does not hold; that the account recorded them is what counts.";
  return section(
    "proof",
    "What is proven, and what is not",
    html`<h3>Proven by the chain</h3>
      <ul>
        <li>
          The account <code>${record.creator}</code> recorded exactly these files, byte for byte, on
          ${toDate(record.mintedAt)}, on ${toChain(place.chainId)}.
        </li>
        <li>
          What this page quotes as said by the publisher is what that account stated then: nobody changed it since.
          ${signature}
        </li>
        <li>What was said of the model since, by whom and when, as far as it is listed above.</li>
      </ul>
      <h3>Not proven</h3>
      <ul>
        <li>That the statements are true: on data, training, results, licence and origin.</li>
        <li>That the account belongs to the author, or that the licence was theirs to give.</li>
        <li>
          That nothing was said since this page was made: it shows what stood on the chain then. Ask the chain before
          you rely on it.
        </li>
      </ul> `,
    notes("The statements and the chain differ", contradictions),
    notes("What could not be found out", unknown),
  );
}

/** How anybody checks all that without this page. */
export function instructions({ place, tokenId }: ExportedModel): Markup {
  const command = `npx model-provenance verify ./the-files --contract ${place.address} --chain-id ${place.chainId} --rpc-url <a node of the chain>`;
  const contract = explorerLinks.account(place.chainId, place.address);
  return section(
    "check",
    "How to check it yourself",
    html`<p>With the files in a folder, and any node of the chain:</p>
      <pre>${command}</pre>
      <p>
        By hand: the SHA-256 of each file (<code>sha256sum</code>, <code>certutil -hashfile</code>) must be the one in
        the table. All of them together make the number of the token:
      </p>
      <pre>${tokenId}</pre>
      <p>
        ${contract ? html`<a href="${contract}">In an explorer of the chain</a> the` : "The"} registry
        <code>${place.address}</code> answers <code>getModelData</code> and <code>getStatus</code> for that number.
      </p> `,
  );
}

function notes(title: string, all: readonly string[]): Markup | undefined {
  if (all.length === 0) return undefined;
  return html`<h3>${title}</h3>
    <ul>
      ${all.map((text) => html`<li class="text">${text}</li>`)}
    </ul> `;
}

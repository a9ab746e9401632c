import { explorerLinks } from "../../registry/networks.ts";
import { metadataUri } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import { type Markup, html } from "./markup.ts";
import { section } from "./section.ts";
import { toDate } from "./words.ts";

/** All that was said of the model on the chain, oldest first. */
export function history(model: ExportedModel): Markup {
  const { record, event, statements: said, place, tokenId, status } = model;
  const link = event && explorerLinks.transaction(place.chainId, event.transactionHash);
  const token = explorerLinks.token(place.chainId, place.address, BigInt(tokenId));
  const { of } = status;
  return section(
    "history",
    "What happened since",
    html`<ol>
      <li>
        <time>${toDate(record.mintedAt)}</time> recorded by
        <code>${record.creator}</code>${link ? html`, <a href="${link}">in this transaction</a>` : ""}
      </li>
      ${said.map(({ status: word, account, time, reason }) => html`<li><time>${toDate(time)}</time> ${word === "active" ? "active again" : word}, said by <code>${account}</code>${reason === "" ? ", without a reason" : html`: <q class="text">${reason}</q>`}</li> `)}
    </ol> `,
    of?.statement
      ? html`<p>
          Another record of the same files, by <code>${of.creator}</code>, is ${of.status} since
          ${toDate(of.statement.time)}: <q class="text">${of.statement.reason}</q>
        </p> `
      : undefined,
    said.length === 0 ? html`<p>Nothing was said of it on the chain since.</p> ` : undefined,
    token ? html`<p><a href="${token}">The token in an explorer of the chain</a></p> ` : undefined,
    html`<p>The metadata: <code>${metadataUri(model)}</code></p> `,
  );
}

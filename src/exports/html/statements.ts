import { statedDescription } from "../../metadata/default-description.ts";
import type { ExportedModel } from "../exported-model.ts";
import { type Markup, html } from "./markup.ts";
import { type Fact, facts, section } from "./section.ts";
import { toParts } from "./values.ts";

/** What the publisher says of data, results, training and everything else. */
export function statements({ metadata, record }: ExportedModel): Markup {
  const {
    datasets = [],
    datasetCid,
    metrics = [],
    trainingConfig = {},
    extensions = {},
    contributors = [],
  } = metadata.provenance;
  const description = statedDescription(metadata);
  const digest = BigInt(record.datasetDigest) === 0n ? undefined : record.datasetDigest;
  const data = datasets.map(({ name, uri, digest: own }): Fact => [
    name,
    [toAddress(uri), own ? html`<br /><small>SHA-256 <code>${own.slice(2)}</code></small>` : ""],
  ]);
  if (digest !== undefined && !datasets.some((one) => one.digest === digest)) {
    data.push([
      "Training data",
      [toAddress(datasetCid), html`<br /><small>SHA-256 <code>${digest.slice(2)}</code></small>`],
    ]);
  }
  const more = [...Object.entries(trainingConfig), ...Object.entries(extensions)];
  return section(
    "statements",
    "What the publisher says",
    description === undefined ? undefined : html`<p class="text">${description}</p> `,
    html`<h3>Data it was trained on</h3> `,
    data.length > 0 ? facts(data) : html`<p>The publisher does not say what data it was trained on.</p> `,
    metrics.length > 0
      ? html`<h3>Results</h3>
          <table>
            <thead>
              <tr>
                <th scope="col">Measure</th>
                <th scope="col">Value</th>
                <th scope="col">On</th>
              </tr>
            </thead>
            <tbody>
              ${metrics.map(
                ({ name, value, dataset, split }) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td>${String(value)}</td>
                    <td>${[dataset, split].filter(Boolean).join(", ")}</td>
                  </tr> `,
              )}
            </tbody>
          </table> `
      : undefined,
    contributors.length > 0
      ? html`<h3>Who had a part in it</h3>
          ${facts(contributors.map(({ account, did, role, share }) => [role, html`<code>${account ?? did}</code>, ${share / 100} %`]))}`
      : undefined,
    more.length > 0
      ? html`<h3>Training and more</h3>
          ${facts(more.map(([key, value]) => [key, toParts(value)]))}`
      : undefined,
  );
}

function toAddress(uri: string | undefined): Markup {
  return uri === undefined ? html`no address was given` : html`<code>${uri}</code>`;
}

import { type ExportedModel } from "model-provenance-nft/core";
import type { OpenedModel } from "../../engine/read-model.ts";
import { AccountName } from "../../parts/account-name.tsx";
import { Fields } from "../../parts/fields.tsx";
import { formatTime } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";
import { PublisherName } from "./publisher.tsx";
import { licenseLink } from "./license-link.ts";

const TEXT = STRINGS.model;
const NUMBER = new Intl.NumberFormat("en");

/** Who recorded it, when, under which licence, and what it is. */
export function Facts({ opened, model }: { readonly opened: OpenedModel; readonly model: ExportedModel }) {
  const { record, metadata, batch, signed, place, event } = model;
  const { royalty } = opened;
  const { publisher, task, modelArchitecture, framework, parameters } = metadata.provenance;
  const license = record.license || metadata.provenance.license || "";
  const link = licenseLink(license);
  const signature = signed === undefined ? TEXT.signed.unknown : signed ? TEXT.signed.yes : TEXT.signed.no;
  return (
    <section class="sheet">
      <h2>{TEXT.record}</h2>
      <Fields
        rows={[
          [TEXT.fields.creator, <AccountName account={record.creator} chainId={place.chainId} />],
          publisher !== undefined && [TEXT.fields.publisher, <PublisherName model={model} />],
          [TEXT.fields.signature, signature],
          [TEXT.fields.recorded, formatTime(record.mintedAt)],
          [
            TEXT.fields.license,
            link === undefined ? (
              license || STRINGS.verify.fields.noLicense
            ) : (
              <a href={link} rel="noreferrer">
                {license}
              </a>
            ),
          ],
          record.owner !== undefined &&
            record.owner !== record.creator && [TEXT.fields.owner, <Hex value={record.owner} />],
          [
            TEXT.fields.registry,
            <>
              {place.name ?? `chain ${place.chainId}`} <Hex value={model.registry} />
            </>,
          ],
          event !== undefined && [TEXT.fields.block, NUMBER.format(event.blockNumber)],
          batch !== undefined && [TEXT.fields.batch, <Hex value={batch.root} />],
          royalty !== undefined &&
            royalty.basisPoints > 0 && [
              TEXT.fields.royalty,
              <>
                {royalty.basisPoints / 100} % {TEXT.to} <Hex value={royalty.receiver} />
              </>,
            ],
          [TEXT.fields.task, task],
          [TEXT.fields.architecture, modelArchitecture],
          [TEXT.fields.framework, record.framework || [framework?.name, framework?.version].filter(Boolean).join(" ")],
          parameters !== undefined && [TEXT.fields.parameters, NUMBER.format(parameters.total)],
          [TEXT.fields.headline, record.performanceMetrics],
        ]}
      />
    </section>
  );
}

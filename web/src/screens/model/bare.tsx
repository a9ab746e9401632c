import type { OpenedModel } from "../../engine/read-model.ts";
import { Banner } from "../../parts/banner.tsx";
import { DigestBars } from "../../parts/digest-bars.tsx";
import { Fields } from "../../parts/fields.tsx";
import { formatTime } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";
import { Standing } from "./standing.tsx";

const TEXT = STRINGS.model;

/** What the chain alone says, where the metadata cannot be read. */
export function Bare({ opened: { bare, tokenId, registry, problem } }: { readonly opened: OpenedModel }) {
  if (bare === undefined) return null;
  const { record, batch, statement } = bare;
  return (
    <>
      <header class="model-head">
        <div>
          <h1>{TEXT.unnamed}</h1>
          <DigestBars digest={tokenId} />
        </div>
      </header>
      <Standing word={record.status} statement={statement} />
      <Banner kind="unknown" title={TEXT.noMetadata} text={problem} />
      <section class="sheet">
        <h2>{TEXT.record}</h2>
        <Fields
          rows={[
            [TEXT.fields.token, <Hex value={tokenId} />],
            [TEXT.fields.registry, <Hex value={registry} />],
            [TEXT.fields.creator, <Hex value={record.creator} />],
            record.owner !== undefined && [TEXT.fields.owner, <Hex value={record.owner} />],
            [TEXT.fields.recorded, formatTime(record.mintedAt)],
            [TEXT.fields.license, record.license || STRINGS.verify.fields.noLicense],
            [TEXT.fields.framework, record.framework],
            [TEXT.fields.headline, record.performanceMetrics],
            batch !== undefined && [TEXT.fields.batch, <Hex value={batch.root} />],
            [TEXT.fields.metadataDigest, <Hex value={record.metadataDigest} />],
          ]}
        />
      </section>
    </>
  );
}

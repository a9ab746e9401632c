import { type ExportedModel, toValueParts } from "model-provenance-nft/core";
import { Fields } from "../../parts/fields.tsx";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.model.training;
const ZERO = /^0x0*$/;

/** What its creator says of data, training and quality: nobody checked that it is true. */
export function Training({ model: { metadata, record } }: { readonly model: ExportedModel }) {
  const { datasets = [], metrics = [], trainingConfig = {}, datasetCid } = metadata.provenance;
  const config = Object.entries(trainingConfig);
  const hasDigest = !ZERO.test(record.datasetDigest);
  if (datasets.length + metrics.length + config.length === 0 && !hasDigest) return null;
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p class="quiet">{TEXT.claim}</p>
      {(datasets.length > 0 || hasDigest) && (
        <>
          <h3>{TEXT.data}</h3>
          <Fields
            rows={[
              ...datasets.map(
                ({ name, uri }) => [TEXT.dataset, uri === undefined ? name : `${name} (${uri})`] as const,
              ),
              hasDigest && [TEXT.datasetDigest, <Hex value={record.datasetDigest} />],
              datasetCid !== undefined && [TEXT.datasetCid, <code>{datasetCid}</code>],
            ]}
          />
        </>
      )}
      {metrics.length > 0 && (
        <>
          <h3>{TEXT.metrics}</h3>
          <Fields
            rows={metrics.map(({ name, value, dataset, split }) => {
              const on = [dataset, split].filter(Boolean).join(", ");
              return [on === "" ? name : `${name} (${on})`, String(value)] as const;
            })}
          />
        </>
      )}
      {config.length > 0 && (
        <>
          <h3>{TEXT.config}</h3>
          <Fields rows={config.map(([name, value]) => [name, <Parts value={value} depth={0} />])} />
        </>
      )}
    </section>
  );
}

/** A value of which nobody here knows what it is: what it consists of, a line a member. */
function Parts({ value, depth }: { readonly value: unknown; readonly depth: number }) {
  const parts = toValueParts(value, depth);
  if (typeof parts === "string") return <>{parts}</>;
  return (
    <ul class="parts">
      {parts.map(([name, member], i) => (
        <li key={i}>
          {name !== undefined && <span class="quiet">{name}: </span>}
          <Parts value={member} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

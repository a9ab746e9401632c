import type { ReadModel } from "../../engine/publish/read-picked.ts";
import { DigestBars } from "../../parts/digest-bars.tsx";
import { Fields } from "../../parts/fields.tsx";
import { formatBytes, formatCount, shorten } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.publish.read;

/** What was read of the model itself: it is recorded, and nobody has to type it. */
export function ReadFacts({ read, notes }: { readonly read: ReadModel; readonly notes: readonly string[] }) {
  const { model, facts } = read;
  const { architecture, parameters, tensors, datasets = [], trainingConfig } = facts;
  const bytes = model.resources.reduce((sum, { size }) => sum + size, 0);
  const all = [...new Set([...read.notes, ...notes])];
  const dtypes = Object.keys(parameters?.byDtype ?? {}).join(", ");
  return (
    <aside class="sheet read-facts" aria-label={TEXT.title}>
      <h2>{TEXT.title}</h2>
      <DigestBars digest={model.modelDigest} />
      <Fields
        rows={[
          [TEXT.digest, <Hex value={model.modelDigest} />],
          [TEXT.files, STRINGS.verify.count(model.resources.length, formatBytes(bytes))],
          model.cid !== undefined && [TEXT.cid, <Hex value={model.cid} />],
          read.oms !== undefined && [TEXT.bundle, <Hex value={read.oms.keyHint} />],
          architecture !== undefined && [TEXT.architecture, architecture],
          parameters !== undefined && [
            TEXT.parameters,
            `${formatCount(Number(parameters.total))}${dtypes === "" ? "" : ` (${dtypes})`}`,
          ],
          tensors !== undefined && [
            TEXT.tensors,
            TEXT.tensorsOf(formatCount(tensors.tensors.length), shorten(tensors.root)),
          ],
          datasets.length > 0 && [TEXT.datasets, datasets.map(({ name }) => name).join(", ")],
          trainingConfig !== undefined && [TEXT.config, TEXT.values(Object.keys(trainingConfig).length)],
          model.excluded.length > 0 && [TEXT.leftOut, model.excluded.map(({ name }) => name).join(", ")],
        ]}
      />
      {all.length > 0 && (
        <>
          <h3>{TEXT.notes}</h3>
          <ul class="plain-list">
            {all.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}

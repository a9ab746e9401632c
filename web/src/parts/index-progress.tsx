import type { ReadIndex } from "../state/indexes.ts";
import { STRINGS } from "../strings.ts";
import { formatCount } from "./format.ts";

const TEXT = STRINGS.indexes;

/** How far the events of registries were read, as long as that matters: one line a registry. */
export function IndexProgress({ indexes }: { readonly indexes: readonly ReadIndex[] }) {
  return (
    <ul class="progress">
      {indexes.map((read) => (
        <li key={read.account}>
          {read.progress.value.refused !== undefined && <p class="fault">{read.progress.value.refused}</p>}
          <OneIndex read={read} />
        </li>
      ))}
    </ul>
  );
}

function OneIndex({ read }: { readonly read: ReadIndex }) {
  const { setting, account, index, progress } = read;
  const { state, nextBlock, head, fault, models, listed } = progress.value;
  const name = setting.name || account;
  const count = formatCount(models);
  if (state === "failed") {
    return (
      <p class="fault">
        <span aria-hidden="true">? </span>
        {TEXT.failed(name, count)} {fault}
      </p>
    );
  }
  if (state === "done" && listed !== undefined) {
    const [from, to] = [formatCount(listed.nextBlock - 1), formatCount(index.nextBlock - 1)];
    return <p class="quiet">{TEXT.listed(name, count, listed.indexer, from, to)}</p>;
  }
  if (state === "done") return <p class="quiet">{TEXT.done(name, count, formatCount(index.nextBlock - 1))}</p>;
  const start = setting.startBlock ?? 0;
  const share = head === undefined || nextBlock === undefined ? 0 : (nextBlock - start) / Math.max(1, head - start + 1);
  return (
    <p class="quiet">
      {head === undefined
        ? TEXT.asking(name)
        : TEXT.reading(name, count, formatCount((nextBlock ?? 1) - 1), formatCount(head))}
      <progress max={1} value={share} aria-label={TEXT.label(name)} />
    </p>
  );
}

import { visibleName } from "model-provenance-nft/core";
import { useEffect, useRef, useState } from "preact/hooks";
import { Status } from "../../parts/status.tsx";
import { useMedia } from "../../parts/use-media.ts";
import { useVirtualRows } from "../../parts/use-virtual-rows.ts";
import { STRINGS } from "../../strings.ts";
import type { Row } from "./filter-rows.ts";
import { formatDay, shorten } from "../../parts/format.ts";

const TEXT = STRINGS.registry;
const HEIGHT = { wide: 52, narrow: 84 };
const HEAD = 40;

/**
 * The models that fit, of any number: only those that are seen are in the document. The arrow keys go from row to row.
 *
 * @param onSeen - told of the rows that are seen, when that changes
 */
export function ModelTable(props: {
  readonly rows: readonly Row[];
  readonly withRegistry: boolean;
  readonly onSeen: (rows: readonly Row[]) => void;
}) {
  const { rows, withRegistry, onSeen } = props;
  const isNarrow = useMedia("(max-width: 48rem)");
  const height = isNarrow ? HEIGHT.narrow : HEIGHT.wide;
  const { ref, first, end, show } = useVirtualRows(rows.length, height, HEAD);
  const [current, setCurrent] = useState(0);
  const focused = useRef<number | undefined>(undefined);
  const seen = rows.slice(first, end);

  useEffect(() => onSeen(seen), [rows, first, end]);
  useEffect(() => {
    if (focused.current === undefined) return;
    const link = ref.current?.querySelector<HTMLElement>(`tr[aria-rowindex="${focused.current + 2}"] a`);
    if (!link) return; // it is drawn after the list has scrolled there
    focused.current = undefined;
    link.focus({ preventScroll: true });
  });

  const move = (event: KeyboardEvent) => {
    const step = Math.max(1, Math.floor((ref.current?.clientHeight ?? 0) / height) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + step,
      PageUp: current - step,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, target));
    focused.current = next;
    setCurrent(next);
    show(next);
  };
  const reachable = current >= first && current < end ? current : first;

  return (
    <div class="model-table" ref={ref}>
      <table role="table" aria-label={TEXT.tableLabel} aria-rowcount={rows.length + 1}>
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            <th role="columnheader" scope="col">
              {TEXT.columns.model}
            </th>
            <th role="columnheader" scope="col">
              {TEXT.columns.status}
            </th>
            <th role="columnheader" scope="col">
              {TEXT.columns.relation}
            </th>
            <th role="columnheader" scope="col">
              {TEXT.columns.license}
            </th>
            <th role="columnheader" scope="col">
              {TEXT.columns.framework}
            </th>
            <th role="columnheader" scope="col">
              {TEXT.columns.creator}
            </th>
            {withRegistry && (
              <th role="columnheader" scope="col">
                {TEXT.columns.registry}
              </th>
            )}
            <th role="columnheader" scope="col">
              {TEXT.columns.recorded}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" onKeyDown={move}>
          <Space height={first * height} />
          {seen.map((row, i) => (
            <ModelRow
              key={`${row.registry}/${row.id}`}
              row={row}
              index={first + i}
              isReachable={first + i === reachable}
              withRegistry={withRegistry}
              onFocus={() => setCurrent(first + i)}
            />
          ))}
          <Space height={(rows.length - end) * height} />
        </tbody>
      </table>
    </div>
  );
}

/** The room that rows take which are not drawn. */
function Space({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr class="space" aria-hidden="true" role="none">
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}

function ModelRow(props: {
  readonly row: Row;
  readonly index: number;
  readonly isReachable: boolean;
  readonly withRegistry: boolean;
  readonly onFocus: () => void;
}) {
  const { row, index, isReachable, withRegistry, onFocus } = props;
  const { model, registry, id, name } = row;
  const { version = "", license, framework, creator, relation, status, mintedAt } = model;
  return (
    <tr role="row" aria-rowindex={index + 2}>
      <td role="cell" class="cell-model">
        <a href={`#/${registry}/${id}`} tabIndex={isReachable ? 0 : -1} onFocus={onFocus}>
          {name === undefined ? <code>{shorten(id)}</code> : visibleName(name)}
        </a>
        <span class="quiet">
          {name !== undefined && <code>{shorten(id)}</code>} {version !== "" && visibleName(version)}
        </span>
      </td>
      <td role="cell" class="cell-status">
        <Status status={status} />
      </td>
      <td role="cell" class="cell-relation">
        {relation}
      </td>
      <td role="cell" class="cell-license">
        {license === "" ? <span class="quiet">{TEXT.none}</span> : visibleName(license)}
      </td>
      <td role="cell" class="cell-framework">
        {visibleName(framework)}
      </td>
      <td role="cell" class="cell-creator" title={creator}>
        <code>{shorten(creator)}</code>
      </td>
      {withRegistry && (
        <td role="cell" class="cell-registry" title={registry}>
          <code>{shorten(registry.split(":")[2] ?? registry)}</code>
        </td>
      )}
      <td role="cell" class="cell-recorded">
        {formatDay(mintedAt)}
      </td>
    </tr>
  );
}

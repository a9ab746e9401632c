import {
  type Lineage,
  describeNode,
  describeSize,
  drawLineage,
  homeOf,
  toSvg,
  visibleName,
} from "model-provenance-nft/core";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Banner } from "../../parts/banner.tsx";
import { IndexProgress } from "../../parts/index-progress.tsx";
import { saveText } from "../../parts/save.ts";
import { readIndexes } from "../../state/indexes.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import type { ScreenProps } from "../list.ts";
import { Graph } from "./graph.tsx";
import { RelationsTable } from "./relations-table.tsx";

const TEXT = STRINGS.lineage;
const TOKEN = /^0x[0-9a-fA-F]{1,64}$/;

/** Where a model comes from and what came from it, drawn or as a table. */
export default function LineageScreen({ params, query }: ScreenProps) {
  const { registry = "", token = "" } = params;
  const { registries } = settings.value;
  const indexes = useMemo(() => readIndexes(registries), [registries]);
  const isRead = indexes.every(({ progress }) => progress.value.state !== "reading");
  const [lineage, setLineage] = useState<Lineage>();
  const [fault, setFault] = useState<string>();
  const [form, setForm] = useState(query.get("as") === "table" ? "table" : "graph");
  const drawing = useMemo(() => lineage && drawLineage(lineage, "right"), [lineage]);

  useEffect(() => {
    if (!TOKEN.test(token)) return setFault(TEXT.unknown);
    if (!isRead) return;
    let isGone = false;
    setFault(undefined);
    import("../../engine/read-lineage.ts")
      .then(async ({ readLineage }) =>
        readLineage({ account: registry, tokenId: BigInt(token) }, indexes, (found) => !isGone && setLineage(found)),
      )
      .catch((error: unknown) => !isGone && setFault((error as Error).message));
    return () => {
      isGone = true;
    };
  }, [registry, token, indexes, isRead]);

  return (
    <article class="sheet sheet-wide">
      <header class="registry-head">
        <h1>{TEXT.title}</h1>
        {lineage !== undefined && <Summary lineage={lineage} />}
      </header>
      {lineage === undefined && <IndexProgress indexes={indexes} />}
      {fault !== undefined && (
        <Banner kind="unknown" title={TEXT.notRead} text={fault}>
          <p>
            <a href="#/settings">{STRINGS.registry.toSettings}</a>
          </p>
        </Banner>
      )}
      {lineage !== undefined && drawing !== undefined && (
        <>
          <p class="buttons">
            {(["graph", "table"] as const).map((one) => (
              <button
                key={one}
                type="button"
                class={one === form ? "small" : "plain small"}
                aria-pressed={one === form}
                onClick={() => setForm(one)}
              >
                {TEXT.forms[one]}
              </button>
            ))}
            <button
              type="button"
              class="plain small"
              onClick={() => saveText(`lineage-${token.slice(0, 10)}.svg`, toSvg(lineage, "right"), "image/svg+xml")}
            >
              {TEXT.save}
            </button>
          </p>
          {form === "graph" ? <Graph drawing={drawing} /> : <RelationsTable lineage={lineage} />}
          <Legend />
          {lineage.gaps.length > 0 && (
            <section>
              <h2>{TEXT.gaps}</h2>
              <ul>
                {lineage.gaps.map((gap) => (
                  <li key={gap}>{visibleName(gap.slice(0, 400))}</li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </article>
  );
}

function Summary({ lineage }: { readonly lineage: Lineage }) {
  const start = lineage.nodes.get(lineage.start);
  if (start === undefined) return null;
  const { name, id } = describeNode(start, homeOf(lineage));
  return (
    <p>
      {TEXT.of} <a href={`#/${start.key}`}>{name === "" ? id : visibleName(name)}</a>
      {`: ${TEXT.summary(describeSize(lineage))}`}
    </p>
  );
}

function Legend() {
  return (
    <ul class="legend">
      <li class="legend-endorsed">{TEXT.legend.endorsed}</li>
      <li class="legend-claimed">{TEXT.legend.claimed}</li>
      <li class="legend-loose">{TEXT.legend.loose}</li>
    </ul>
  );
}

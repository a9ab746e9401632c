import {
  type Lineage,
  type LineageNode,
  describeBase,
  describeEdge,
  describeNode,
  homeOf,
  visibleName,
} from "model-provenance-nft/core";
import { Status } from "../../parts/status.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.lineage;

/** The lineage for those who read no graphs: each model, what is said of it, and what it came from. */
export function RelationsTable({ lineage }: { readonly lineage: Lineage }) {
  const home = homeOf(lineage);
  const above = Map.groupBy(lineage.edges, ({ child }) => child);
  const bases = Map.groupBy(lineage.bases, ({ child }) => child);
  const nodes = [...lineage.nodes.values()].sort((a, b) => (a.model?.mintedAt ?? 0) - (b.model?.mintedAt ?? 0));
  return (
    <section class="lineage-table" tabIndex={0} aria-label={TEXT.tableLabel}>
      <table>
        <thead>
          <tr>
            <th scope="col">{TEXT.columns.model}</th>
            <th scope="col">{TEXT.columns.status}</th>
            <th scope="col">{TEXT.columns.license}</th>
            <th scope="col">{TEXT.columns.from}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={node.key} class={node.key === lineage.start ? "row-start" : undefined}>
              <th scope="row">
                <NodeName node={node} home={home} />
              </th>
              <td>{node.model === undefined ? TEXT.unknownHere : <Status status={node.model.status} />}</td>
              <td>{node.model?.license !== undefined && visibleName(node.model.license)}</td>
              <td>
                <ul>
                  {(above.get(node.key) ?? []).map((edge) => (
                    <li key={edge.parent}>
                      <NodeName node={lineage.nodes.get(edge.parent) as LineageNode} home={home} />
                      <span class="quiet">{describeEdge(edge)}</span>
                    </li>
                  ))}
                  {(bases.get(node.key) ?? []).map((base) => (
                    <li key={base.uri}>
                      <code>{visibleName(base.uri)}</code>
                      <span class="quiet">
                        {describeBase(base)}, {TEXT.outside}
                      </span>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NodeName({ node, home }: { readonly node: LineageNode; readonly home: string }) {
  const { name, id, version, elsewhere } = describeNode(node, home);
  const text = name === "" ? id : visibleName(name);
  return (
    <>
      {node.model === undefined ? <span>{text}</span> : <a href={`#/${node.key}`}>{text}</a>}{" "}
      <span class="quiet">
        {name !== "" && <code>{id}</code>} {visibleName(version)} {elsewhere !== "" && <code>{elsewhere}</code>}
      </span>
    </>
  );
}

import type { ExportedModel, Relative } from "model-provenance-nft/core";
import { Banner } from "../../parts/banner.tsx";
import { shorten } from "../../parts/format.ts";
import { Status } from "../../parts/status.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.model.family;

/** What it came from and what came from it, by name; whether the parent's owner agrees. */
export function Family({ model }: { readonly model: ExportedModel }) {
  const { parents, children, ancestry, metadata } = model;
  const bases = metadata.provenance.baseModels ?? [];
  const { worst, causeId, name } = ancestry ?? {};
  if (parents.length + children.length + bases.length === 0) return null;
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      {worst !== undefined && worst !== "active" && (
        <Banner
          kind="warn"
          title={TEXT.recalled(STRINGS.verify.statuses[worst].toLowerCase())}
          text={name ?? shorten(`0x${(causeId ?? 0n).toString(16).padStart(64, "0")}`)}
        />
      )}
      {parents.length + bases.length > 0 && <h3>{TEXT.parents}</h3>}
      <ul class="rows">
        {parents.map((relative) => (
          <Row key={`${relative.registry}/${relative.tokenId}`} relative={relative} />
        ))}
        {bases.map(({ uri, relation }) => (
          <li key={uri}>
            <code>{uri}</code>
            <span>{TEXT.relations[relation]}</span>
            <span class="quiet">{TEXT.outside}</span>
          </li>
        ))}
      </ul>
      {children.length > 0 && <h3>{TEXT.children}</h3>}
      <ul class="rows">
        {children.map((relative) => (
          <Row key={`${relative.registry}/${relative.tokenId}`} relative={relative} />
        ))}
      </ul>
    </section>
  );
}

function Row({ relative }: { readonly relative: Relative }) {
  const { registry, tokenId, relation, endorsed, record, metadata } = relative;
  const agreed = endorsed === undefined ? TEXT.unknown : endorsed ? TEXT.endorsed : TEXT.claimed;
  return (
    <li>
      <a href={`#/${registry}/${tokenId}`}>{metadata?.name ?? shorten(tokenId)}</a>
      <span>{TEXT.relations[relation]}</span>
      <span class={endorsed ? "" : "quiet"}>{agreed}</span>
      {record !== undefined && <Status status={record.status} />}
      {record === undefined && <span class="quiet">{TEXT.otherRegistry}</span>}
    </li>
  );
}

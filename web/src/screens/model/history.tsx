import { visibleName } from "model-provenance-nft/core";
import { useEffect, useState } from "preact/hooks";
import type { Timeline, TimelineEntry } from "../../engine/read-timeline.ts";
import { formatDay, formatTime, shorten } from "../../parts/format.ts";
import { Status } from "../../parts/status.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.history;

/** All that happened to a model since it was recorded, as its registry's events tell it. */
export default function History({ registry, tokenId }: { readonly registry: string; readonly tokenId: string }) {
  const [timeline, setTimeline] = useState<Timeline | Error | "none">();
  useEffect(() => {
    let isGone = false;
    const show = (found: Timeline | Error | "none") => {
      if (!isGone) setTimeline(found);
    };
    import("../../engine/read-timeline.ts")
      .then(async ({ readTimeline }) => readTimeline(registry, BigInt(tokenId)))
      .then((found) => show(found ?? "none"))
      .catch((error: unknown) => show(error as Error));
    return () => {
      isGone = true;
    };
  }, [registry, tokenId]);

  // A model in a batch has no token to which anything could happen.
  if (timeline === "none") return null;
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      {timeline === undefined && <p class="wait">{TEXT.reading}</p>}
      {timeline instanceof Error && (
        <p class="quiet">
          {TEXT.notRead} {timeline.message}
        </p>
      )}
      {timeline !== undefined && !(timeline instanceof Error) && (
        <>
          <ol class="timeline">
            {timeline.entries.map((entry, i) => (
              <Entry key={i} entry={entry} registry={registry} />
            ))}
          </ol>
          {timeline.omitted > 0 && <p class="quiet">{TEXT.omitted(timeline.omitted)}</p>}
        </>
      )}
      <p>
        <a href={`#/${registry}/${tokenId}/lineage`}>{TEXT.toLineage}</a>
        {" · "}
        <a href={`#/publish?after=${registry}/${tokenId}`}>{TEXT.toPublish}</a>
        {" · "}
        <a href={`#/administration?model=${registry}/${tokenId}`}>{TEXT.toAdministration}</a>
      </p>
    </section>
  );
}

function Entry({ entry, registry }: { readonly entry: TimelineEntry; readonly registry: string }) {
  const { kind, time, blockNumber, account, to, reason, child, link } = entry;
  const when = time === undefined ? TEXT.block(blockNumber) : formatDay(time);
  return (
    <li class={`timeline-${kind}`}>
      <time title={time === undefined ? undefined : `${formatTime(time)}, ${TEXT.block(blockNumber)}`}>{when}</time>
      <div>
        <p>
          {kind === "active" || kind === "deprecated" || kind === "revoked" ? (
            <Status status={kind} />
          ) : (
            <strong>{TEXT.kinds[kind]}</strong>
          )}{" "}
          {child !== undefined && (
            <>
              {STRINGS.model.family.relations[child.relation as keyof typeof STRINGS.model.family.relations]}{" "}
              <a href={`#/${registry}/${child.tokenId}`}>{shorten(child.tokenId)}</a>
            </>
          )}
          {account !== undefined && (
            <span>
              {kind === "transfer" ? TEXT.from : TEXT.by} <code title={account}>{shorten(account)}</code>
            </span>
          )}
          {to !== undefined && to !== account && (
            <span>
              {" "}
              {TEXT.to} <code title={to}>{shorten(to)}</code>
            </span>
          )}
        </p>
        {reason !== undefined && <p class="timeline-reason">{reason === "" ? TEXT.noReason : visibleName(reason)}</p>}
        {link !== undefined && (
          <a class="quiet" href={link} rel="noreferrer">
            {TEXT.transaction}
          </a>
        )}
      </div>
    </li>
  );
}

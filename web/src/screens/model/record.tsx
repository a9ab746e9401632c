import type { ExportedModel } from "model-provenance-nft/core";
import type { OpenedModel } from "../../engine/read-model.ts";
import { DigestBars } from "../../parts/digest-bars.tsx";
import { FileList } from "../../parts/file-list.tsx";
import { formatBytes, shorten } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";
import Badge from "./badge.tsx";
import { Downloads } from "./downloads.tsx";
import { Facts } from "./facts.tsx";
import { Family } from "./family.tsx";
import History from "./history.tsx";
import Licenses from "./licenses.tsx";
import { Raw } from "./raw.tsx";
import { Standing } from "./standing.tsx";
import { Training } from "./training.tsx";

const TEXT = STRINGS.model;

/** A model whose metadata were read: all sections of its page, in the order in which people ask. */
export function Record({ opened, model }: { readonly opened: OpenedModel; readonly model: ExportedModel }) {
  const { metadata, status, resources, unknown, contradictions, children } = model;
  const newer = children.filter(({ relation }) => relation === "version").at(-1);
  const bytes = resources.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <header class="model-head">
        {opened.picture !== undefined && <img class="model-picture" src={opened.picture} alt="" />}
        <div>
          <h1>{metadata.name}</h1>
          <p class="model-version">{model.event?.version || metadata.provenance.version}</p>
          <DigestBars digest={opened.tokenId} />
          <Hex value={opened.tokenId} />
        </div>
      </header>
      <Standing word={status.word} statement={status.statement}>
        {status.of !== undefined && <p>{TEXT.standing.other}</p>}
        {newer !== undefined && (
          <p>
            {TEXT.standing.newer}{" "}
            <a href={`#/${newer.registry}/${newer.tokenId}`}>{newer.metadata?.name ?? newer.tokenId}</a>
          </p>
        )}
      </Standing>
      {metadata.description !== undefined && metadata.description !== "" && <p>{metadata.description}</p>}
      <Facts opened={opened} model={model} />
      <Family model={model} />
      <Licenses
        registry={opened.registry}
        tokenId={opened.tokenId}
        names={Object.fromEntries(
          model.parents.map(({ tokenId, metadata: parent }) => [tokenId, parent?.name ?? shorten(tokenId)]),
        )}
      />
      <section class="sheet">
        <h2>
          {STRINGS.files.title} <span class="quiet">{STRINGS.verify.count(resources.length, formatBytes(bytes))}</span>
        </h2>
        <FileList
          rows={resources.map(({ name, size, sha256 }) => ({
            name,
            size: formatBytes(size),
            detail: <Hex value={sha256} whole />,
          }))}
        />
      </section>
      <Training model={model} />
      <History registry={opened.registry} tokenId={opened.tokenId} />
      {unknown.length + contradictions.length > 0 && (
        <section class="sheet">
          <h2>{TEXT.unsure}</h2>
          <ul class="plain-list">
            {[...contradictions, ...unknown].map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <Downloads model={model} />
      <Badge registry={opened.registry} tokenId={opened.tokenId} />
      <Raw model={model} />
    </>
  );
}

import { formatClaim } from "model-provenance-nft/core";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { Banner } from "../../parts/banner.tsx";
import { Fields } from "../../parts/fields.tsx";
import { Hex } from "../../parts/hex.tsx";
import { saveText } from "../../parts/save.ts";
import { STRINGS } from "../../strings.ts";
import Badge from "../model/badge.tsx";
import { discardDraft } from "./session.ts";

const TEXT = STRINGS.publish.done;

/** What came of it: the record, and what others need to find it. */
export function Result({ draft, done }: { readonly draft: Draft; readonly done: NonNullable<Draft["done"]> }) {
  const { id, registry, read, form } = draft;
  const { kind, path, ignorePaths } = read.model;
  const claimName = kind === "file" ? `${path}.model-provenance.json` : "model-provenance.json";
  const claim = formatClaim({
    schemaVersion: "1.0",
    registry,
    tokenId: id,
    metadataURI: done.uri,
    ignorePaths: [...ignorePaths],
  });
  return (
    <div class="stack">
      <Banner
        kind="ok"
        title={TEXT.title}
        text={done.transaction === undefined ? TEXT.before : TEXT.text(form.name || path)}
      >
        <p class="buttons">
          <a class="button" href={`#/${registry}/${id}`}>
            {TEXT.page}
          </a>
          <button type="button" class="plain" onClick={() => void discardDraft(id)}>
            {TEXT.another}
          </button>
        </p>
      </Banner>
      <section class="sheet">
        <h2>{TEXT.verify}</h2>
        <p>{TEXT.verifyText}</p>
        <Fields
          rows={[
            [STRINGS.verify.fields.token, <Hex value={id} whole />],
            [STRINGS.publish.open.cid, <Hex value={done.uri} whole />],
            done.transaction !== undefined && [STRINGS.history.transaction, <Hex value={done.transaction} whole />],
            [TEXT.command, <Hex value={commandOf(registry, path)} whole />],
          ]}
        />
        <p class="buttons claim">
          <button type="button" class="plain" onClick={() => saveText(claimName, claim)}>
            {TEXT.claim}
          </button>
          <code class="quiet">{claimName}</code>
        </p>
      </section>
      <Badge registry={registry} tokenId={id} />
    </div>
  );
}

function commandOf(registry: string, path: string): string {
  const [, chainId, address] = registry.split(":");
  return `model-provenance verify ${path || "."} --contract ${address} --chain-id ${chainId} --rpc-url …`;
}

import { useEffect, useState } from "preact/hooks";
import { type BuiltMetadata, listPublic } from "model-provenance-nft/core";
import { readPicture } from "../../engine/read-picture.ts";
import { Fields } from "../../parts/fields.tsx";
import { Hex } from "../../parts/hex.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.publish.open;
// The whole stands in the JSON below.
const SHOWN = 600;

/** What the metadata say, to the letter: the same list as the command's plan. */
export function Public({ built, isSigned }: { readonly built: BuiltMetadata; readonly isSigned: boolean }) {
  const { metadata, metadataDigest, uri, block } = built;
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    let isGone = false;
    const blocks = new Map(
      built.attachments.flatMap(({ blocks: all }) => all.map((one) => [String(one.cid), one.bytes])),
    );
    const get = async (cid: unknown) => Promise.resolve(blocks.get(String(cid)) ?? new Uint8Array());
    void readPicture(metadata.image, { get }).then((found) => {
      if (!isGone) setPicture(found);
    });
    return () => {
      isGone = true;
    };
  }, [metadata.image]);
  const said = (
    <div class="public">
      {picture !== undefined && <img class="public-picture" src={picture} alt={TEXT.picture} />}
      <dl class="public-list">
        {listPublic(metadata).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={/^(0x|[[{]|\w+:\S+$)/.test(value) ? "mono" : ""}>
              <bdi>{value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p>{TEXT.lead}</p>
      {isSigned ? (
        <Fields
          rows={[
            [TEXT.cid, <Hex value={uri} whole />],
            [TEXT.digest, <Hex value={metadataDigest} whole />],
          ]}
        />
      ) : (
        <p class="quiet">{TEXT.unsigned}</p>
      )}
      {isSigned ? (
        <details>
          <summary>{TEXT.said}</summary>
          {said}
        </details>
      ) : (
        said
      )}
      <details>
        <summary>{TEXT.json}</summary>
        <pre tabIndex={0}>{isSigned ? new TextDecoder().decode(block.bytes) : JSON.stringify(metadata, null, 2)}</pre>
      </details>
    </section>
  );
}

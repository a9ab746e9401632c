import { useState } from "preact/hooks";
import { Field } from "../../parts/field.tsx";
import { saveText } from "../../parts/save.ts";
import { keyOf } from "../../state/registry-setting.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { drawBadge } from "./badge-svg.ts";

const TEXT = STRINGS.badge;

/** A badge for the model's card, which leads to this page. */
export default function Badge({ registry, tokenId }: { readonly registry: string; readonly tokenId: string }) {
  const [isCopied, setCopied] = useState(false);
  const svg = drawBadge(tokenId);
  const link = linkTo(registry, tokenId);
  const markdown = `[![${TEXT.words(tokenId)}](model-provenance.svg)](${link})`;
  const copy = () => {
    navigator.clipboard.writeText(markdown).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <section class="sheet">
      <h2>{TEXT.title}</h2>
      <p>
        <a href={`#/${registry}/${tokenId}`}>
          <img
            class="badge"
            src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
            alt={TEXT.words(tokenId)}
            height={20}
          />
        </a>
      </p>
      <p class="quiet">{TEXT.text}</p>
      <Field label={TEXT.markdown} hint={isLocal() ? TEXT.local : undefined}>
        {(field) => <input {...field} type="text" class="mono" readOnly value={markdown} />}
      </Field>
      <p class="buttons">
        <button type="button" class="plain" onClick={copy}>
          {isCopied ? STRINGS.files.copied : TEXT.copy}
        </button>
        <button type="button" class="plain" onClick={() => saveText("model-provenance.svg", svg, "image/svg+xml")}>
          {TEXT.save}
        </button>
      </p>
    </section>
  );
}

/** A link that asks for the registry where this site does not name it itself. */
function linkTo(registry: string, tokenId: string): string {
  const isOfSite = settings.value.registries.some(
    (one) => one.source === "site" && keyOf(one) === registry.toLowerCase(),
  );
  const { origin, pathname } = location;
  return `${origin}${pathname}${isOfSite ? "" : `?registry=${registry}`}#/${registry}/${tokenId}`;
}

function isLocal(): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
}

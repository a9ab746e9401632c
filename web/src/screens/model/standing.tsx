import type { StatusStatement } from "model-provenance-nft/core";
import type { ComponentChildren } from "preact";
import { Banner } from "../../parts/banner.tsx";
import { formatDay } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import type { StatusWord } from "../../parts/status.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.model.standing;
const KINDS = { active: "ok", deprecated: "warn", revoked: "bad" } as const;

/** What holds of a model now, before anything else: a recall with who, when and why. */
export function Standing({
  word,
  statement,
  children,
}: {
  readonly word: StatusWord;
  readonly statement?: StatusStatement | undefined;
  readonly children?: ComponentChildren;
}) {
  const title = statement === undefined ? TEXT[word] : `${TEXT[word]} ${TEXT.since(formatDay(statement.time))}`;
  const text = statement === undefined ? TEXT.texts[word] : statement.reason || STRINGS.verify.noReason;
  return (
    <Banner kind={KINDS[word]} title={title} text={text}>
      {statement !== undefined && (
        <p class="quiet">
          {STRINGS.verify.by} <Hex value={statement.account} />
        </p>
      )}
      {children}
    </Banner>
  );
}

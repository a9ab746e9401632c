import type { RuleOutcome, VerifyReport } from "model-provenance-nft/core";
import type { KeptPolicy } from "../../state/own-rules.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.policy;
const LOOKS = {
  yes: { look: "ok", sign: "✓", word: STRINGS.verify.holds },
  no: { look: "bad", sign: "✕", word: STRINGS.verify.fails },
  unknown: { look: "none", sign: "–", word: TEXT.unknown },
} as const satisfies Record<RuleOutcome["holds"], object>;

/** Each rule of the policy: whether it holds, does not, or could not be checked, and why. */
export function Rules({ report, policy }: { readonly report: VerifyReport; readonly policy: KeptPolicy | undefined }) {
  if (policy === undefined) return null;
  const { rules } = report;
  return (
    <section class="sheet">
      <h2>
        {TEXT.title} <span class="quiet">{policy.name}</span>
      </h2>
      {rules === undefined ? (
        <p>{TEXT.notApplied}</p>
      ) : (
        <ul class="checks">
          {rules.map(({ rule, holds, reason }) => {
            const { look, sign, word } = LOOKS[holds];
            return (
              <li key={rule} class={`check-${look}`}>
                <span class="check-sign" aria-hidden="true">
                  {sign}
                </span>
                <span>
                  <code>{rule}</code> {word}
                  {reason !== undefined && <span class="quiet">: {reason}</span>}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

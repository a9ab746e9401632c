import type { VerifyReport } from "model-provenance-nft/core";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.verify;

/** What was checked and whether it holds; what was not, and why. */
export function Checks({ report: { checks, notChecked } }: { readonly report: VerifyReport }) {
  return (
    <section class="sheet">
      {checks.length > 0 && <h2>{TEXT.checks}</h2>}
      <ul class="checks">
        {checks.map(({ what, passed, warns }) => {
          const kind = warns ? "warn" : passed ? "ok" : "bad";
          const sign = { warn: "!", ok: "✓", bad: "✕" }[kind];
          const word = { warn: TEXT.warns, ok: TEXT.holds, bad: TEXT.fails }[kind];
          return (
            <li key={what} class={`check-${kind}`}>
              <span class="check-sign" aria-hidden="true">
                {sign}
              </span>
              <span>
                <span class="hidden">{word}: </span>
                {what}
              </span>
            </li>
          );
        })}
      </ul>
      <h2>{TEXT.notChecked}</h2>
      <ul class="checks">
        {notChecked.map(({ what, why }) => (
          <li key={`${what} ${why}`} class="check-none">
            <span class="check-sign" aria-hidden="true">
              –
            </span>
            <span>
              {what}: <span class="quiet">{why}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

import type { VerifyReport } from "model-provenance-nft/core";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.verify;

/** What was checked and whether it holds; what was not, and why. */
export function Checks({ report: { checks, notChecked } }: { readonly report: VerifyReport }) {
  return (
    <section class="sheet">
      {checks.length > 0 && <h2>{TEXT.checks}</h2>}
      <ul class="checks">
        <CheckRows checks={checks} />
      </ul>
      <h2>{TEXT.notChecked}</h2>
      <ul class="checks">
        <NotCheckedRows notChecked={notChecked} />
      </ul>
    </section>
  );
}

/** A row a statement that was checked. */
export function CheckRows({ checks }: Pick<VerifyReport, "checks">) {
  return (
    <>
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
    </>
  );
}

/** A row a statement that was not, and why. */
export function NotCheckedRows({ notChecked }: Pick<VerifyReport, "notChecked">) {
  return (
    <>
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
    </>
  );
}

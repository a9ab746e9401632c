import type { FoundBundle } from "../../engine/bundles.ts";
import { STRINGS } from "../../strings.ts";
import { CheckRows, NotCheckedRows } from "./checks.tsx";

const TEXT = STRINGS.verify;

/** What an OMS bundle says that was picked: beside the verdict, which goes by the record alone. */
export function Bundle({ bundle: { name, examined, problem } }: { readonly bundle: FoundBundle }) {
  return (
    <section class="sheet">
      <h2>
        {TEXT.bundle} <span class="quiet">{name}</span>
      </h2>
      <p>{TEXT.bundleText}</p>
      {problem !== undefined && <p class="fault">{problem}</p>}
      {examined !== undefined && (
        <ul class="checks">
          <CheckRows checks={examined.checks} />
          <NotCheckedRows notChecked={examined.notChecked} />
        </ul>
      )}
    </section>
  );
}

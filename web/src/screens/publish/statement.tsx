import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { describe } from "../../engine/publish/describe.ts";
import { type FieldName, fillForm } from "../../engine/publish/form.ts";
import { Banner } from "../../parts/banner.tsx";
import { STRINGS } from "../../strings.ts";
import { ContributorsFile, DataDigest } from "./field-files.tsx";
import { PictureField } from "./picture-field.tsx";
import { ReadFacts } from "./read-facts.tsx";
import { changeDraft, discardDraft, isKept, leaveDraft } from "./session.ts";
import { StatementField } from "./statement-field.tsx";
import { isReviewed } from "./steps.tsx";
import { NOBODY, useDescribed } from "./use-described.ts";
import type { WorkProps } from "./work.tsx";

const TEXT = STRINGS.publish;

/** The fields, in the order in which people think of them. */
const GROUPS: readonly (readonly [keyof typeof TEXT.groups, readonly FieldName[]])[] = [
  ["about", ["name", "description", "version", "license", "task", "framework", "externalUrl"]],
  ["origin", ["relation", "parents", "baseModels"]],
  ["quality", ["metrics", "datasetDigest", "datasetCid"]],
  ["more", ["publisher", "owner", "royalty", "royaltyReceiver", "contributors"]],
];

/** What fills a field from files. */
const BELOW: Partial<Record<FieldName, (set: (value: string) => void) => VNode>> = {
  datasetDigest: (set) => <DataDigest onDigest={set} />,
  contributors: (set) => <ContributorsFile onText={set} />,
};

/** What the publisher says of the model; what was read stands there already. */
export function Statement({ draft }: WorkProps) {
  const { form, read, registry } = draft;
  const described = useDescribed(draft);
  const [isTried, setTried] = useState(false);
  const before = fillForm(read);
  const set = (name: FieldName) => (value: string) => void changeDraft({ form: { ...form, [name]: value } });
  const goOn = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    const [, chainId = "1", address = NOBODY] = registry.split(":");
    const { built } = await describe(draft, { chainId: BigInt(chainId), address, creator: NOBODY });
    if (built !== undefined) isReviewed.value = true;
  };
  return (
    <div class="publish-columns">
      <ReadFacts read={read} notes={described?.notes ?? []} />
      <form class="sheet statement" onSubmit={(event) => void goOn(event)} noValidate>
        {GROUPS.map(([group, names]) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{TEXT.groups[group]}</h2>
            <div class="statement-fields">
              {names.map((name) => (
                <StatementField
                  key={name}
                  name={name}
                  value={form[name]}
                  before={before[name]}
                  warnings={described?.warnings[name] ?? []}
                  faults={described?.faults[name] ?? []}
                  onChange={set(name)}
                  below={BELOW[name]?.(set(name))}
                />
              ))}
              {group === "about" && <PictureField draft={draft} />}
            </div>
          </section>
        ))}
        {described?.fault !== undefined && <Banner kind="warn" title={TEXT.account.refused} text={described.fault} />}
        {isTried && described !== undefined && Object.keys(described.faults).length > 0 && (
          <p class="fault" role="alert">
            {TEXT.fix}
          </p>
        )}
        <p class="quiet" role="status">
          {isKept.value ? TEXT.kept : TEXT.keeping}
        </p>
        <p class="buttons">
          <button type="submit">{TEXT.toReview}</button>
          <button type="button" class="plain" onClick={leaveDraft}>
            {TEXT.leave}
          </button>
          <button type="button" class="plain" onClick={() => void discardDraft(draft.id)}>
            {TEXT.discard}
          </button>
        </p>
      </form>
    </div>
  );
}

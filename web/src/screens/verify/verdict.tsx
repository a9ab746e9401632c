import { useSignal } from "@preact/signals";
import type { VerifyReport } from "model-provenance-nft/core";
import type { Prepared } from "../../engine/verify.ts";
import { Banner, type BannerKind } from "../../parts/banner.tsx";
import { Field } from "../../parts/field.tsx";
import { formatBytes, formatDay } from "../../parts/format.ts";
import { FileList, type FileRow } from "../../parts/file-list.tsx";
import { Hex } from "../../parts/hex.tsx";
import { saveText } from "../../parts/save.ts";
import { STRINGS } from "../../strings.ts";
import { Bundle } from "./bundle.tsx";
import { Checks } from "./checks.tsx";
import { describeDamage } from "./damage.ts";
import { RecordFields } from "./record-fields.tsx";
import { Rules } from "./rules.tsx";
import { type Stage, check, reset } from "./session.ts";

const TEXT = STRINGS.verify;
type Shown = Extract<Stage, { kind: "verdict" }>;

const KINDS: Record<VerifyReport["verdict"], BannerKind> = {
  verified: "ok",
  mismatch: "bad",
  "not-registered": "unknown",
  unchecked: "unknown",
  unacceptable: "bad",
};

/** What was found out: the verdict first, what was said since, the record, the files, and what was checked and what not. */
export function Verdict({ prepared, report, bundles, policy }: Omit<Shown, "kind">) {
  const { verdict, reason, files, warnings, model } = report;
  const { listed, bytes } = prepared;
  const save = async () => {
    const { toDocument } = await import("../../engine/report.ts");
    saveText("verdict.json", toDocument(report));
  };
  return (
    <article class="stack">
      <div class="verdict-head">
        <h1>{listed.name || STRINGS.files.title}</h1>
        <p class="quiet">{TEXT.count(listed.files.length, formatBytes(bytes))}</p>
      </div>
      <Banner kind={KINDS[verdict]} title={TEXT.verdicts[verdict]} text={reason} />
      <Recalls report={report} />
      <p class="buttons">
        <button type="button" onClick={() => reset()}>
          {TEXT.other}
        </button>
        <button type="button" class="plain" onClick={() => void save()}>
          {TEXT.saveReport}
        </button>
      </p>
      {verdict === "not-registered" && <Tries prepared={prepared} report={report} />}
      <section class="sheet">
        <h2>{verdict === "mismatch" ? TEXT.recordWanted : TEXT.record}</h2>
        <RecordFields report={report} />
      </section>
      {files.length > 0 && (
        <section class="sheet">
          <h2>
            {STRINGS.files.title} <span class="quiet">{countDifferent(report)}</span>
          </h2>
          <FileList rows={toRows(report)} />
        </section>
      )}
      {warnings.length > 0 && (
        <section class="sheet">
          <h2>{TEXT.warnings}</h2>
          <ul class="plain-list">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </section>
      )}
      <Rules report={report} policy={policy} />
      <Checks report={report} />
      {bundles.map((bundle) => (
        <Bundle key={bundle.name} bundle={bundle} />
      ))}
      {model.excluded.length > 0 && (
        <section class="sheet">
          <h2>{TEXT.excluded}</h2>
          <ul class="plain-list">
            {model.excluded.map(({ name, reason: why }) => (
              <li key={name}>
                <code>{name}</code> <span class="quiet">({why})</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

/** What was said of the record, and of others of the same files, since. */
function Recalls({ report: { recalls = [] } }: { readonly report: VerifyReport }) {
  return (
    <>
      {recalls.map(({ status, statement, place, tokenId }) => (
        <Banner
          key={`${place.address}/${tokenId}/${status}`}
          kind={status === "revoked" ? "bad" : "warn"}
          title={
            statement === undefined
              ? TEXT.statuses[status]
              : TEXT.said(TEXT.statuses[status], formatDay(statement.time))
          }
          text={statement?.reason || TEXT.noReason}
        >
          {statement !== undefined && (
            <p class="quiet">
              {TEXT.by} <Hex value={statement.account} />
            </p>
          )}
        </Banner>
      ))}
    </>
  );
}

/** What helps where nobody recorded it. */
function Tries({ prepared, report }: { readonly prepared: Prepared; readonly report: VerifyReport }) {
  const token = useSignal("");
  const compare = (event: Event) => {
    event.preventDefault();
    const digits = /([0-9a-fA-F]{64})\s*$/.exec(token.value)?.[1];
    if (digits !== undefined) void check(prepared.picked, BigInt(`0x${digits}`));
  };
  return (
    <section class="sheet">
      <h2>{TEXT.tryTitle}</h2>
      {report.sameWeights.map(({ registry, tokenId }) => {
        const id = `0x${tokenId.toString(16).padStart(64, "0")}`;
        return (
          <p key={id}>
            {TEXT.sameWeights} <a href={`#/eip155:${registry.chainId}:${registry.address}/${id}`}>{id}</a>
          </p>
        );
      })}
      <ul class="plain-list">
        {TEXT.tries.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <form class="line" onSubmit={compare}>
        <Field label={TEXT.token} hint={TEXT.tokenHint}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              required
              pattern=".*[0-9a-fA-F]{64}\s*"
              value={token.value}
              onInput={(event) => (token.value = event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit">{TEXT.compare}</button>
      </form>
    </section>
  );
}

function countDifferent({ files }: VerifyReport): string {
  const count = files.filter(({ status }) => status !== "ok").length;
  return count === 0 ? "" : TEXT.differ(count);
}

/** What differs comes first. */
function toRows({ files }: VerifyReport): FileRow[] {
  const ordered = [...files.filter(({ status }) => status !== "ok"), ...files.filter(({ status }) => status === "ok")];
  return ordered.map((file) => {
    const { name, status, expected, actual } = file;
    const size = formatBytes(actual?.size ?? expected?.size ?? 0);
    const both = status === "mismatch";
    return {
      name,
      size,
      status,
      detail: (
        <>
          {expected !== undefined && (
            <code>
              {both && `${STRINGS.files.expected} `}
              {expected.sha256}
            </code>
          )}
          {(both || expected === undefined) && actual?.sha256 !== undefined && (
            <code>
              {both && `${STRINGS.files.actual} `}
              {actual.sha256}
            </code>
          )}
          {status === "renamed" && <span>{STRINGS.files.now(actual?.name ?? "")}</span>}
          {describeDamage(file).map((text) => (
            <span key={text}>{text}</span>
          ))}
        </>
      ),
    };
  });
}

import { type RegistryPlace, type VerifyReport, describeClaim } from "model-provenance-nft/core";
import { DigestBars } from "../../parts/digest-bars.tsx";
import { Fields } from "../../parts/fields.tsx";
import { formatTime } from "../../parts/format.ts";
import { Hex } from "../../parts/hex.tsx";
import { Status } from "../../parts/status.tsx";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.verify.fields;

/** Who recorded it, when, under which licence; of what is not recorded the digest, and whom that was asked. */
export function RecordFields({ report }: { readonly report: VerifyReport }) {
  const { record, metadata, event, registry, registries = [], batch, latest, model } = report;
  if (record === undefined) {
    return (
      <Fields
        rows={[
          model.modelDigest !== undefined && [TEXT.digest, <Digest digest={model.modelDigest} />],
          ...registries.map((place) => [TEXT.registry, <Place place={place} />] as const),
        ]}
      />
    );
  }
  const id = `0x${record.tokenId.toString(16).padStart(64, "0")}`;
  const version = event?.version || metadata?.provenance.version || "";
  const newest = latest === undefined ? "" : `; ${TEXT.latest(latest.version)}`;
  const link = registry && `#/eip155:${registry.chainId}:${registry.address}/${id}`;
  return (
    <>
      <Fields
        rows={[
          [TEXT.model, metadata?.name],
          [TEXT.version, version + newest],
          [TEXT.status, <Status status={record.status} />],
          [TEXT.license, record.license || TEXT.noLicense],
          [TEXT.creator, <Creator report={report} account={record.creator} />],
          [TEXT.recorded, formatTime(record.mintedAt)],
          registry !== undefined && [TEXT.registry, <Place place={registry} />],
          batch !== undefined && [TEXT.batch, <Hex value={batch.root} />],
          [TEXT.token, <Digest digest={id} />],
          report.filesRecorded !== undefined && [TEXT.files, TEXT.filesOf(report.filesChecked, report.filesRecorded)],
          ...(report.otherRecords ?? []).map(({ registry: place, creator, recordedAt }) => {
            const also = (
              <>
                {formatTime(recordedAt)} <Hex value={creator} /> <Place place={place} />
              </>
            );
            return [TEXT.also, also] as const;
          }),
        ]}
      />
      {link !== undefined && (
        <p>
          <a class="button plain" href={link}>
            {STRINGS.verify.open}
          </a>
        </p>
      )}
    </>
  );
}

function Digest({ digest }: { readonly digest: string }) {
  return (
    <>
      <DigestBars digest={digest} />
      <Hex value={digest} />
    </>
  );
}

/** The account, and what is said of who that is, whether it holds or not. */
function Creator({ account, report: { publisher } }: { readonly account: string; readonly report: VerifyReport }) {
  const said = publisher?.claims.map(describeClaim).join("; ");
  return (
    <>
      {said} <Hex value={account} />
    </>
  );
}

function Place({ place: { name, chainId, address } }: { readonly place: RegistryPlace }) {
  return (
    <>
      {name ?? `chain ${chainId}`} <Hex value={`eip155:${chainId}:${address}`} />
    </>
  );
}

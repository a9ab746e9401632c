import { toHex32 } from "../../base/hex.ts";
import type { StatusStatement } from "../../registry/statuses.ts";
import { describeStatus, toDidPkh, toIsoTime } from "../describe.ts";
import { type ExportedModel, idOf } from "../exported-model.ts";

/** What was said of the model since, by whom and when, in the words that CycloneDX has for comments on a component. */
export function annotate(model: ExportedModel) {
  const { id, registry, place, statements, status, ancestry, contradictions } = model;
  const said = statements.map((statement) => ({ statement, text: `The model is ${describeStatus(statement)}` }));
  const { of } = status;
  if (of?.statement !== undefined) {
    const where = `The same model, recorded by ${of.creator} as ${idOf({ registry: `eip155:${of.place.chainId}:${of.place.address}`, tokenId: toHex32(of.tokenId) })}`;
    said.push({ statement: of.statement, text: `${where}, is ${describeStatus(of.statement)}` });
  }
  if (ancestry?.statement !== undefined && ancestry.worst !== "active") {
    const name = ancestry.name === undefined ? "" : ` (${ancestry.name})`;
    const which = `Its ancestor ${registry}/${toHex32(ancestry.causeId)}${name}`;
    said.push({ statement: ancestry.statement, text: `${which} is ${describeStatus(ancestry.statement)}` });
  }
  const notes = said.map(({ statement, text }, i) => ({
    "bom-ref": `statement:${i + 1}`,
    subjects: [id],
    annotator: annotatorOf(statement, place.chainId),
    timestamp: toIsoTime(statement.time),
    text,
  }));
  const contradicted = contradictions.map((text, i) => ({
    "bom-ref": `contradiction:${i + 1}`,
    subjects: [id],
    annotator: { component: { type: "application", name: "model-provenance-nft" } },
    timestamp: toIsoTime(model.record.mintedAt),
    text,
  }));
  return [...notes, ...contradicted];
}

function annotatorOf({ account }: StatusStatement, chainId: bigint) {
  return { individual: { name: toDidPkh(chainId, account) } };
}

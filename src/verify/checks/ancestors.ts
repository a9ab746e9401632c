import { toHex32 } from "../../base/hex.ts";
import { readMetadata } from "../../metadata/read-metadata.ts";
import { readLineageStatus } from "../../registry/ancestry.ts";
import { readModelRecord } from "../../registry/model-record.ts";
import { readStatus } from "../../registry/statuses.ts";
import { within } from "../../base/deadline.ts";
import { type Finding, notDone, orElse, passed, warns } from "../findings.ts";
import { describeStatement } from "../recalls.ts";
import type { AncestryStatus } from "../report.ts";
import {
  type Check,
  type CheckContext,
  NOT_BY_ROOT,
  NOT_FOREIGN,
  NOT_IN_LOCK,
  NOT_IN_PACK,
  registryOf,
} from "./check.ts";

/** What is said of the models that this one was made from, in its registry. A recalled one is a row that warns. */
export const ancestors: Check = {
  name: "ancestors",
  what: "the status of the ancestors",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: true,
    root: NOT_BY_ROOT,
    pack: NOT_IN_PACK,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  async *run(context): AsyncGenerator<Finding> {
    const { judged } = context;
    const { parents } = judged.record;
    if (parents.length === 0) {
      yield notDone("the record names no parent in its registry");
      return;
    }
    const registry = registryOf(judged);
    const { worst, causeId } = await within(context.found.deadline, async () => readLineageStatus(registry, parents));
    if (worst === "active") {
      yield passed("no ancestor in the registry is deprecated or revoked");
      yield { kind: "facts", facts: { ancestry: { worst, causeId } } };
      return;
    }
    const ancestry: AncestryStatus = { worst, causeId, ...(await describeCause(context, causeId)) };
    const name = ancestry.name === undefined ? "" : ` (${ancestry.name})`;
    const said = `The ancestor ${toHex32(causeId)}${name} is ${worst}${describeStatement(ancestry.statement)}`;
    yield warns(said, said.replace(/^The/, "the").replace(/\.$/, ""));
    yield { kind: "facts", facts: { ancestry } };
  },
};

/** The name of a recalled ancestor, and who recalled it, when and why, as far as that can be read. */
async function describeCause(
  { judged, store, found }: CheckContext,
  causeId: bigint,
): Promise<Partial<Pick<AncestryStatus, "name" | "statement">>> {
  const registry = registryOf(judged);
  const tolerate = async <T>(read: () => Promise<T>) =>
    orElse(
      async () => within(found.deadline, read),
      () => undefined,
    );
  const [statement, name] = await Promise.all([
    tolerate(async () => readStatus(registry, causeId)),
    tolerate(async () => {
      const record = store && (await readModelRecord(registry, causeId));
      return record && store && (await readMetadata(record.metadataDigest, store)).name;
    }),
  ]);
  return { ...(statement && { statement }), ...(name !== undefined && { name }) };
}

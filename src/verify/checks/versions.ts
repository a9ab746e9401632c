import { findNewerVersions, latestOf } from "../../registry/versions.ts";
import { within } from "../../base/deadline.ts";
import type { Finding } from "../findings.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK, NOT_IN_PACK, registryOf } from "./check.ts";

const MAX_REQUESTS = 500;

/** The latest version by the model's own creator or owner. */
export const versions: Check = {
  name: "versions",
  what: "newer versions",
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
  async *run({ judged, event, found }): AsyncGenerator<Finding> {
    const { record } = judged;
    const registry = registryOf(judged);
    const accounts = [record.creator, ...(record.owner === undefined ? [] : [record.owner])];
    const options = { maxRequests: MAX_REQUESTS, ...(event && { fromBlock: event.blockNumber }) };
    const newer = await within(found.deadline, async () =>
      findNewerVersions(registry, record.tokenId, accounts, options),
    );
    const standing = newer.filter((version) => version.record.status !== "revoked");
    if (standing.length === 0) return;
    const itself = { tokenId: record.tokenId, version: event?.version ?? "" };
    const others = standing.map(({ record: { tokenId }, version }) => ({ tokenId, version }));
    const latest = latestOf([itself, ...others]);
    if (latest !== undefined && latest !== itself) yield { kind: "facts", facts: { latest } };
  },
};

import { startDeadline } from "../../base/deadline.ts";
import { visibleName } from "../../base/visible-name.ts";
import type { Metadata } from "../../metadata/schema.ts";
import { type PaidContributor, type SplitComparison, compareSplit, findPayees } from "../../registry/contributors.ts";
import type { ModelRecord } from "../../registry/model-record.ts";
import { findPublisher } from "../../registry/publishers/find-publisher.ts";
import type { PublisherSources } from "../../registry/publishers/publisher-sources.ts";
import type { Publisher } from "../../registry/publishers/publisher.ts";
import type { Registry } from "../../registry/registry.ts";

const MAX_WAIT = 15_000;

/** Who is behind a record: its creator, and all who had a part in the model. */
export interface People {
  readonly publisher: Publisher;
  readonly contributors?: readonly PaidContributor[];
  /** Whether the royalty is divided as the contributors say. */
  readonly split?: SplitComparison;
}

/**
 * Finds out who is behind a record. What cannot be asked is not known, and said.
 *
 * @param receiver - of the token's royalty
 */
export async function readPeople(
  registry: Registry,
  record: ModelRecord,
  metadata: Metadata | undefined,
  receiver: string,
  sources: PublisherSources,
): Promise<People> {
  const { chainId, address, provider } = registry;
  const { publisher: statement, contributors } = metadata?.provenance ?? {};
  const question = { account: record.creator, chainId, registry: address, statement, provider };
  const publisher = await findPublisher({ ...question, deadline: startDeadline(MAX_WAIT) }, sources);
  if (contributors === undefined) return { publisher };
  const payees = await findPayees(contributors, chainId, sources.fetchDid);
  return { publisher, contributors: payees, split: await compareSplit(payees, receiver, provider) };
}

/** A line for each contributor: the role, the share, who that is. */
export function contributorLines({ contributors = [], split }: People): string[] {
  const lines = contributors.map(({ account, did, role, share, payee, why }) => {
    const paid =
      did === undefined ? "" : payee === undefined ? ` (no account: ${visibleName(why ?? "")})` : ` (${payee})`;
    return `${(share / 100).toFixed(2).padStart(6)} %  ${visibleName(role)}: ${account ?? did ?? ""}${paid}`;
  });
  return split === undefined ? lines : [...lines, describeSplit(split)];
}

function describeSplit({ answer, why = "" }: SplitComparison): string {
  switch (answer) {
    case "same":
      return "the royalty is divided as the contributors say";
    case "differs":
      return `the royalty is NOT divided as the contributors say: ${visibleName(why)}`;
    case "unknown":
      return `whether the royalty is divided as the contributors say is not known: ${visibleName(why)}`;
  }
}

/** The parts of a JSON document. */
export function peopleDocument({ publisher, contributors, split }: People): Record<string, unknown> {
  return {
    publisher,
    ...(contributors && { contributors }),
    ...(split && {
      split: { ...split, shares: split.shares?.map(({ payee, share }) => ({ payee, share: Number(share) })) },
    }),
  };
}

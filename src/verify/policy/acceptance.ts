import type { PublisherSources } from "../../registry/publishers/publisher-sources.ts";
import { type Acceptance, includes } from "../evidence.ts";
import type { AppliedPolicy } from "./apply-policy.ts";
import { findPublisherAccounts } from "./publisher-accounts.ts";

/**
 * Whose records a policy and the accounts named beside it accept, and in which registries: what both allow. Of several records of
 * a model one by an accepted publisher is judged, where the accounts of all of them are known.
 */
export async function acceptanceFor(
  { policy, creators }: AppliedPolicy,
  publishers: PublisherSources,
): Promise<Acceptance> {
  const both =
    policy?.creators && creators ? policy.creators.filter((account) => includes(creators, account)) : undefined;
  const named = both ?? creators ?? policy?.creators;
  const accounts = policy?.publishers && (await findPublisherAccounts(policy.publishers, publishers));
  return {
    ...(named && { creators: named }),
    ...(policy?.registries && { registries: policy.registries }),
    ...(accounts && { accounts }),
  };
}

import type { Provider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { type ListedAccount, readDidDocument } from "../../metadata/did-document.ts";
import type { DidWeb } from "../../metadata/did-web.ts";
import { hashPublisher } from "../../metadata/publisher-statement.ts";
import { type SignatureAnswer, checkSignature } from "../check-signature.ts";
import { judgeListing } from "./find-publisher.ts";
import type { DidFetcher } from "./publisher-sources.ts";
import type { PublisherClaim } from "./publisher.ts";

/** An account that may be a publisher's, and what it signed. */
export interface CandidateAccount extends ListedAccount {
  /** What says that it is, where something is known that does. */
  readonly said?: {
    /** In words: `the metadata of token 0x…`. */
    readonly where: string;
    readonly signature: string;
    /** Address of the registry that it was signed for. */
    readonly registry: string;
    readonly provider?: Provider | undefined;
  };
}

/** What is known of one direction. */
export type Direction = Pick<PublisherClaim, "holds" | "why">;

/** Both directions of one account. */
export interface CheckedAccount extends ListedAccount {
  /** Whether the document lists it. */
  readonly listed: Direction;
  /** Whether the account signed that it is the DID's. */
  readonly signed: Direction;
}

/** Both directions between a DID and accounts. */
export interface CheckedPublisher {
  /** The worst of all: it holds only where both directions of every account do. */
  readonly holds: PublisherClaim["holds"];
  /** When the document was fetched: Unix time in seconds; absent where it could not be. */
  readonly fetchedAt?: number;
  /** Why the document could not be read. */
  readonly problem?: string;
  readonly accounts: readonly CheckedAccount[];
}

const WORST_FIRST = ["no", "former", "unknown", "yes"] as const;
const NOT_LOOKED_AT: Direction = { holds: "unknown", why: "it was not looked at: name a token, or a statement" };

/**
 * Checks both directions between a did:web and accounts; without any, those that the document lists now.
 *
 * @param fetchDid - nobody is asked when left out
 */
export async function checkDirections(
  did: DidWeb,
  candidates: readonly CandidateAccount[],
  fetchDid: DidFetcher | undefined,
): Promise<CheckedPublisher> {
  const document = await readDocument(did, fetchDid);
  const all = candidates.length > 0 ? candidates : document.accounts.map((one): CandidateAccount => one);
  const accounts = await Promise.all(
    all.map(async ({ account, chainId, said }): Promise<CheckedAccount> => {
      const { problem, time = 0 } = document;
      const listed =
        problem === undefined
          ? judgeListing(document.accounts, account, chainId, time)
          : ({ holds: "unknown", why: problem } as const);
      return { account, chainId, listed, signed: await checkSigned(did.did, { account, chainId, said }) };
    }),
  );
  const answers = accounts.flatMap(({ listed, signed }) => [listed.holds, signed.holds]);
  const none = document.problem === undefined ? "no" : "unknown";
  const holds = WORST_FIRST.find((answer) => answers.includes(answer)) ?? none;
  const fetched = document.time === undefined ? {} : { fetchedAt: document.time };
  return { holds, ...fetched, ...(document.problem !== undefined && { problem: document.problem }), accounts };
}

async function readDocument(did: DidWeb, fetchDid: DidFetcher | undefined) {
  const accounts: readonly ListedAccount[] = [];
  if (fetchDid === undefined) return { accounts, problem: "no web site is asked offline", time: undefined };
  try {
    const { bytes, time } = await fetchDid(did);
    return { accounts: readDidDocument(bytes, did.did), time, problem: undefined };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { accounts, problem: error.message.replace(/\.$/, ""), time: undefined };
  }
}

async function checkSigned(
  did: string,
  { account, chainId, said }: { account: string; chainId: bigint; said: CandidateAccount["said"] },
): Promise<Direction> {
  if (said === undefined) return NOT_LOOKED_AT;
  const { where, signature, registry, provider } = said;
  const hash = hashPublisher(did, { chainId, registry });
  const answer: SignatureAnswer = await checkSignature({ account, hash, signature }, provider);
  if (answer.signed === "unknown") return { holds: "unknown", why: answer.why };
  if (answer.signed === "yes") return { holds: "yes", why: where };
  return { holds: "no", why: `the signature in ${where} is not (or no longer) one of it` };
}

import { Interface } from "ethers";
import { within } from "../../base/deadline.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type ListedAccount, readDidDocument } from "../../metadata/did-document.ts";
import { parseDidWeb } from "../../metadata/did-web.ts";
import { type PublisherStatement, hashPublisher } from "../../metadata/publisher-statement.ts";
import { checkSignature } from "../check-signature.ts";
import { readCode } from "../other-contract.ts";
import { toCaip10 } from "../registry.ts";
import { type AcceptedClaim, type PublisherQuestion, type PublisherSources, lookUp } from "./publisher-sources.ts";
import { type Publisher, type PublisherClaim, toPublisher } from "./publisher.ts";

const MAINNET = 1n;
// What stands at the address of a key for which code was set (EIP-7702).
const DELEGATION = "0xef0100";
const MAX_STATEMENTS = 4;

/**
 * Finds out who is behind an account: by the verifier's address book, by a did:web that the account signed and whose document
 * lists the account, by ENS. Who cannot be asked is not known, and never a "no".
 */
export async function findPublisher(question: PublisherQuestion, sources: PublisherSources): Promise<Publisher> {
  const { account, chainId } = question;
  const unread: string[] = [];
  const book = lookUp(sources.book, account, chainId);
  const [web, ens] = await Promise.all([
    Promise.all(statementsOf(question, sources).map(async (one) => checkDidClaim(one, question, sources))),
    askEns(question, sources, unread),
  ]);
  const before = sources.accepted?.account === account ? sources.accepted.claims : [];
  const claims = rememberAccepted([...web, ...ens], before, unread.length > 0);
  const publisher = toPublisher(account, [...book, ...claims]);
  return unread.length === 0 ? publisher : { ...publisher, unread };
}

/** What held before and does not now was valid once; what could not be asked now is not known. */
function rememberAccepted(
  claims: readonly PublisherClaim[],
  accepted: readonly AcceptedClaim[],
  isEnsUnread: boolean,
): PublisherClaim[] {
  const changed = claims.map((claim): PublisherClaim => {
    const before = accepted.find(({ source, id }) => source === claim.source && id === claim.id);
    if (before === undefined || claim.holds !== "no") return claim;
    return { ...claim, holds: "former", why: whenAccepted(before) };
  });
  const gone = accepted.filter(({ source, id }) => {
    const isOpen = source === "ens" && !isEnsUnread;
    return isOpen && !claims.some((claim) => claim.source === source && claim.id === id);
  });
  return [...changed, ...gone.map((before) => ({ ...before, holds: "former" as const, why: whenAccepted(before) }))];
}

function whenAccepted({ checkedAt = 0 }: AcceptedClaim): string {
  return `it did ${new Date(checkedAt * 1000).toISOString()}, when it was accepted`;
}

/** What the metadata hold, and what the verifier named besides; the same DID once. */
function statementsOf(
  { account, chainId, registry, statement }: PublisherQuestion,
  { statements = [] }: PublisherSources,
): PublisherStatement[] {
  const place = toCaip10({ chainId, address: registry }).toLowerCase();
  const named = statements.filter((one) => one.registry.toLowerCase() === place && one.account === account);
  const all = [...named, ...(statement === undefined ? [] : [statement])];
  return all.filter((one, i) => all.findIndex(({ did }) => did === one.did) === i).slice(0, MAX_STATEMENTS);
}

/** Asks in both directions; the web site only where the account signed. */
async function checkDidClaim(
  { did: id, signature }: PublisherStatement,
  question: PublisherQuestion,
  sources: PublisherSources,
): Promise<PublisherClaim> {
  const { account, chainId, registry, provider } = question;
  const did = parseDidWeb(id);
  const claim = { source: "did:web", id, name: did?.name ?? id } as const;
  if (did === undefined) return { ...claim, holds: "no", why: "that is no did:web" };
  const hash = hashPublisher(id, { chainId, registry });
  const answer = await tolerate(question, async () => checkSignature({ account, hash, signature }, provider));
  if ("why" in answer) return { ...claim, holds: "unknown", why: answer.why };
  if (answer.signed === "no") {
    return { ...claim, holds: "no", why: "its signature is not (or no longer) one of this account" };
  }
  const { fetchDid } = sources;
  if (fetchDid === undefined) return { ...claim, holds: "unknown", why: "no web site is asked here" };
  const found = await tolerate(question, async () => {
    const { bytes, time } = await fetchDid(did, question.deadline.signal);
    return { accounts: readDidDocument(bytes, id), time };
  });
  if ("why" in found) return { ...claim, holds: "unknown", why: found.why };
  return { ...claim, ...judgeListing(found.accounts, account, chainId, found.time), checkedAt: found.time };
}

/** Whether a document lists an account now. @param time - Unix time in seconds of the document */
export function judgeListing(
  accounts: readonly ListedAccount[],
  account: string,
  chainId: bigint,
  time: number,
): Pick<PublisherClaim, "holds" | "why"> {
  const same = accounts.filter((one) => one.account === account);
  const listed = same.find((one) => one.chainId === chainId);
  if (listed === undefined) {
    const chains = same.map((one) => String(one.chainId)).join(", ");
    return same.length === 0
      ? { holds: "no" }
      : { holds: "no", why: `it lists the account for other chains alone (${chains})` };
  }
  const { until } = listed;
  if (until === undefined || until > time) return { holds: "yes" };
  return { holds: "former", why: until === 0 ? "it ended" : `it ended ${new Date(until * 1000).toISOString()}` };
}

/** ENS names keys, and contracts of its own chain: at the same address of another chain there may be somebody else's. */
async function askEns(
  question: PublisherQuestion,
  { readEns }: PublisherSources,
  unread: string[],
): Promise<PublisherClaim[]> {
  if (readEns === undefined) return [];
  const { account, chainId, provider } = question;
  const found = await tolerate(question, async () => {
    const code = chainId === MAINNET || provider === undefined ? "0x" : await readCode(provider, account, NOTHING);
    const isKey = code === "0x" || code.startsWith(DELEGATION);
    return { answer: isKey ? await readEns(account) : undefined };
  });
  if ("why" in found) {
    unread.push(`ENS could not be asked: ${found.why}`);
    return [];
  }
  if (found.answer === undefined) return [];
  const { name, leadsBack, time } = found.answer;
  return [{ source: "ens", id: name, name, holds: leadsBack ? "yes" : "no", checkedAt: time }];
}

const NOTHING = new Interface([]);

/** What cannot be asked is not known, and why. */
async function tolerate<T extends object>(
  { deadline }: PublisherQuestion,
  ask: () => Promise<T>,
): Promise<T | { readonly why: string }> {
  try {
    return await within(deadline, ask);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { why: error.message.replace(/\.$/, "") };
  }
}

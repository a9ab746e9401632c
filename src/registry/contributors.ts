import { type Provider, getAddress } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { readDidDocument } from "../metadata/did-document.ts";
import { parseDidWeb } from "../metadata/did-web.ts";
import { ALL_SHARES, type Contributor } from "../metadata/schema.ts";
import { judgeListing } from "./publishers/find-publisher.ts";
import type { DidFetcher } from "./publishers/publisher-sources.ts";
import { type Share, readSplit } from "./splitter.ts";

/** A contributor, and the account that is paid. */
export interface PaidContributor extends Contributor {
  /** With EIP-55 checksum; absent where a DID lists none, or several, on this chain. */
  readonly payee?: string;
  /** Why there is none, as a clause. */
  readonly why?: string;
}

/**
 * Finds the account of each contributor on a chain: the one that is named, or the only one that the document of their DID lists.
 *
 * @param fetchDid - nobody is asked when left out
 */
export async function findPayees(
  contributors: readonly Contributor[],
  chainId: bigint,
  fetchDid?: DidFetcher,
): Promise<PaidContributor[]> {
  return Promise.all(
    contributors.map(async (contributor): Promise<PaidContributor> => {
      const { account, did = "" } = contributor;
      if (account !== undefined) return { ...contributor, payee: getAddress(account.toLowerCase()) };
      const parsed = parseDidWeb(did);
      if (parsed === undefined || fetchDid === undefined) return { ...contributor, why: `${did} is not asked here` };
      try {
        const { bytes, time } = await fetchDid(parsed);
        const listed = readDidDocument(bytes, did);
        const here = listed.filter((one) => judgeListing([one], one.account, chainId, time).holds === "yes");
        const [only] = here;
        if (only !== undefined && here.length === 1) return { ...contributor, payee: only.account };
        return { ...contributor, why: `${did} lists ${here.length} accounts on chain ${chainId}, not one` };
      } catch (error) {
        if (!(error instanceof ProvenanceError)) throw error;
        return { ...contributor, why: error.message.replace(/\.$/, "") };
      }
    }),
  );
}

/** The parts that contributors have in a splitter: those without a share get none. */
export function toShares(contributors: readonly PaidContributor[]): Share[] {
  const totals = new Map<string, bigint>();
  for (const { payee, share } of contributors) {
    if (payee !== undefined && share > 0) totals.set(payee, (totals.get(payee) ?? 0n) + BigInt(share));
  }
  return [...totals].map(([payee, share]) => ({ payee, share }));
}

/** Whether a royalty is divided as the contributors say; `unknown` where that could not be found out. */
export interface SplitComparison {
  readonly answer: "same" | "differs" | "unknown";
  /** One clause: how it differs, or why that is not known. */
  readonly why?: string;
  /** What the receiver divides, where it is a splitter. */
  readonly shares?: readonly Share[];
}

/** Compares who gets a royalty, and which part of it, with the contributors in the metadata. */
export async function compareSplit(
  contributors: readonly PaidContributor[],
  receiver: string,
  provider: Provider,
): Promise<SplitComparison> {
  const open = contributors.find(({ payee, share }) => payee === undefined && share > 0);
  const wanted = toShares(contributors);
  let shares: readonly Share[];
  try {
    shares = await readSplit(provider, receiver);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    if (error.code !== "OPTION_INVALID") return { answer: "unknown", why: error.message.replace(/\.$/, "") };
    const [only] = wanted;
    // Who gets all of it needs no splitter.
    if (open === undefined && wanted.length === 1 && only?.payee === receiver) return { answer: "same" };
    if (open !== undefined && wanted.length === 0)
      return { answer: "unknown", why: open.why ?? "an account is missing" };
    return { answer: "differs", why: `${receiver}, which is no splitter, gets all of it` };
  }
  if (open !== undefined) return { answer: "unknown", why: open.why ?? "an account is missing", shares };
  const fault = findDifference(wanted, shares);
  return fault === undefined ? { answer: "same", shares } : { answer: "differs", why: fault, shares };
}

/** Weights may be written in other units: what counts is the part of the whole. */
function findDifference(wanted: readonly Share[], shares: readonly Share[]): string | undefined {
  const total = shares.reduce((sum, { share }) => sum + share, 0n);
  const paid = new Map(shares.map(({ payee, share }) => [payee, share]));
  for (const { payee, share } of wanted) {
    const weight = paid.get(payee) ?? 0n;
    if (weight * BigInt(ALL_SHARES) !== share * total) {
      return `${payee} gets ${weight} of ${total}, and the contributors say ${share} of ${ALL_SHARES}`;
    }
  }
  const other = shares.find(({ payee }) => !wanted.some((one) => one.payee === payee));
  return other && `${other.payee}, who is no contributor, gets ${other.share} of ${total}`;
}

import {
  type BlockSource,
  type BuiltMetadata,
  type ContentStore,
  type Hex,
  type MintedModel,
  type TransactionCost,
  type WalletProvider,
  assertMinter,
  assertParentsKnown,
  callOf,
  encodeMint,
  estimateTransaction,
  isContractAccount,
  mintModel,
  readPlace,
  toSubmission,
} from "model-provenance-nft/core";
import { pageState } from "../../adapters/publisher-state.ts";
import { STRINGS } from "../../strings.ts";
import { signerOf, switchTo } from "../../wallet/account.ts";
import { SENDING, type SendStep } from "../send.ts";
import { assertSigned } from "./assert-signed.ts";
import { openOne } from "../sources.ts";

/** What is minted, where, and by whom. */
export interface MintOptions {
  /** CAIP-10 of the registry. */
  readonly account: string;
  readonly wallet: WalletProvider;
  /** Who signed the metadata, and sends. */
  readonly from: string;
  readonly built: BuiltMetadata;
  /** Who gets the token; `from` where nobody is named. */
  readonly to?: string | undefined;
  readonly onStep: (step: SendStep) => void;
  /** Called with the hash of each transaction that is followed. */
  readonly onSent?: (hash: string) => void;
  /** Called with what it may cost before the wallet is asked; it throws to stop. */
  readonly confirm?: (cost: TransactionCost) => Promise<void>;
  readonly warn?: (text: string) => void;
}

/**
 * Mints a model whose metadata are pinned, from wherever an earlier visit stopped: the chain is asked first, then what was sent is
 * followed, and the wallet is asked only where nothing of it may still be mined.
 *
 * @returns its token; without a transaction where it was there before, with the same metadata
 * @throws {ProvenanceError} `ALREADY_MINTED` (with other metadata), `NOT_MINTER`, `PARENT_UNKNOWN`, `SIGNATURE_REFUSED` where the
 *   account does not stand by the signature, `SIGNER_MISMATCH`; `TRANSACTION_REFUSED` by the wallet, by the contract, or cancelled;
 *   `TRANSACTION_PENDING`, `CHAIN_UNREACHABLE`, `STATE_FAILED`
 */
export async function mintInPage(options: MintOptions): Promise<MintedModel> {
  const { account, wallet, from, to, built, onStep, onSent, confirm, warn = () => undefined } = options;
  const { registry, store } = await openOne(account);
  onStep("network");
  await switchTo(wallet, registry.chainId);
  onStep("rehearsing");
  await assertSigned(built, registry, from, (why) => warn(STRINGS.wallet.signatureUnknown(why)));
  const modelDigest = digestOf(built);
  const place = await readPlace(registry);
  const release = await pageState.lockModel(place, modelDigest);
  try {
    const context = {
      registry,
      signer: signerOf(wallet, from, registry),
      store: pinnedBefore(store),
      state: pageState,
      ...(to !== undefined && { to }),
      paidElsewhere: await isContractAccount(from, registry.provider),
      warn,
      confirm: async (cost: TransactionCost) => {
        await confirm?.(cost);
        onStep("wallet");
      },
      onSent: (hash: string) => {
        onStep("waiting");
        onSent?.(hash);
      },
      sending: SENDING,
    };
    return await mintModel({ model: { modelDigest }, built }, context, await pageState.openModel(place, modelDigest));
  } finally {
    await release();
  }
}

/**
 * Says what minting would cost now: gas, the fee for data, and what the account has.
 *
 * @throws {ProvenanceError} `NOT_MINTER`, `PARENT_UNKNOWN`, `TRANSACTION_REFUSED` with the contract's reason, `CHAIN_UNREACHABLE`
 */
export async function estimateMint({
  account,
  from,
  to = from,
  built,
}: Pick<MintOptions, "account" | "from" | "to" | "built">): Promise<TransactionCost> {
  const { registry } = await openOne(account);
  await assertMinter(registry, from);
  await assertParentsKnown(built.metadata.provenance, registry);
  const submission = toSubmission(built.metadata.provenance, built.metadataDigest, () => undefined);
  return estimateTransaction(registry.provider, from, callOf(registry, encodeMint(registry, to, submission)));
}

/** Tells whether the wallet was asked to mint a model before, and how that ended is not known yet. */
export async function isUnderWay(account: string, modelDigest: Hex): Promise<boolean> {
  const { registry } = await openOne(account);
  const { entry } = await pageState.openModel(await readPlace(registry), modelDigest);
  return entry.mined === undefined && entry.sent.some(({ outcome }) => outcome === undefined);
}

/** What is minted was pinned by the step before; here it is only read. */
function pinnedBefore(store: BlockSource): ContentStore {
  return {
    name: "page",
    public: true,
    get: async (cid, options) => store.get(cid, options),
    pin: () => Promise.resolve(),
    has: () => Promise.resolve(true),
  };
}

function digestOf({ metadata }: BuiltMetadata): Hex {
  return metadata.provenance.modelDigest as Hex;
}

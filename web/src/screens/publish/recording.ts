import { signal } from "@preact/signals";
import { type Metadata, ProvenanceError, type WalletProvider, filesToPin } from "model-provenance-nft/core";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { assertSigned } from "../../engine/publish/assert-signed.ts";
import { sign } from "../../engine/publish/describe.ts";
import { readForm } from "../../engine/publish/form.ts";
import { mintInPage } from "../../engine/publish/mint-model.ts";
import { type PinPlace, pinFiles } from "../../engine/publish/pin-files.ts";
import { fromSigned, toSigned } from "../../engine/publish/signed-draft.ts";
import type { SendStep } from "../../engine/send.ts";
import { openOne } from "../../engine/sources.ts";
import { saveBytes } from "../../parts/save.ts";
import { STRINGS } from "../../strings.ts";
import { signerOf, switchTo } from "../../wallet/account.ts";
import { changeDraft } from "./session.ts";

/** What is being done, or why it stopped. */
export type Doing =
  | { readonly kind: "nothing" }
  | { readonly kind: "signing" }
  | { readonly kind: "pinning"; readonly done: number; readonly total: number }
  | { readonly kind: "sending"; readonly step: SendStep }
  | { readonly kind: "stopped"; readonly text: string };

/** What is being done with the draft that is open. */
export const doing = signal<Doing>({ kind: "nothing" });

/** Has the metadata signed: nothing leaves this page but what the wallet is shown. */
export async function signDraft(draft: Draft, wallet: WalletProvider, account: string): Promise<void> {
  await run(async () => {
    doing.value = { kind: "signing" };
    const { registry } = await openOne(draft.registry);
    await switchTo(wallet, registry.chainId);
    const place = { address: registry.address, chainId: registry.chainId, creator: account };
    const before = draft.signed && (JSON.parse(draft.signed.metadata) as Metadata);
    const built = await sign(draft, place, signerOf(wallet, account, registry), before);
    // Nothing is pinned of what an account does not stand by.
    await assertSigned(built, registry, account, (why) => {
      throw new ProvenanceError("CHAIN_UNREACHABLE", STRINGS.wallet.signatureUnknown(why));
    });
    await changeDraft({ signed: toSigned(account, built) });
  });
}

/** Pins what is not pinned, and mints what is not minted; each step is kept before the next begins. */
export async function recordDraft(draft: Draft, wallet: WalletProvider, place: PinPlace): Promise<void> {
  const { signed } = draft;
  if (signed === undefined) return;
  await run(async () => {
    const built = fromSigned(signed);
    if (draft.pinned === undefined) {
      doing.value = { kind: "pinning", done: 0, total: built.attachments.length + 1 };
      const { where, car } = await pinFiles(filesToPin(built, {}), place, {
        onStep: ({ done, total }) => (doing.value = { kind: "pinning", done, total }),
      });
      if (car !== undefined) saveBytes(car.name, car.bytes, "application/vnd.ipld.car");
      await changeDraft({ pinned: { place: place.kind, where } });
    }
    doing.value = { kind: "sending", step: "network" };
    const { transaction, uri } = await mintInPage({
      account: draft.registry,
      wallet,
      from: signed.account,
      to: readForm(draft.form, draft.read, signed.account).to,
      built,
      // What was sent before is only waited for.
      onStep: (step) => (doing.value = { kind: "sending", step: draft.sent === undefined ? step : "waiting" }),
      onSent: (sent) => void changeDraft({ sent }),
    });
    await changeDraft({ done: { uri, ...(transaction && { transaction: transaction.transactionHash }) } });
  });
}

async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    doing.value = { kind: "nothing" };
  } catch (error) {
    // What was refused, reverted or cancelled is not followed any more: it is asked for anew, where that is wanted.
    if (error instanceof ProvenanceError && error.code === "TRANSACTION_REFUSED")
      await changeDraft({ sent: undefined });
    doing.value = { kind: "stopped", text: (error as Error).message };
  }
}

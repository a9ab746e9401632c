import { COMPLETION } from "./commands/completion.ts";
import { DOCTOR } from "./commands/doctor.ts";
import { ENDORSE } from "./commands/endorse.ts";
import { EXPORT } from "./commands/export.ts";
import { EXPORT_FORM_VERBS } from "./commands/export-form.ts";
import { EXPORT_PACK } from "./commands/export-pack.ts";
import { FETCH } from "./commands/fetch.ts";
import { GATE_SERVE } from "./commands/gate-serve.ts";
import { HASH } from "./commands/hash.ts";
import { IMPORT } from "./commands/import.ts";
import { LICENSE_BUY } from "./commands/license-buy.ts";
import { LICENSE_CANCEL } from "./commands/license-cancel.ts";
import { LICENSE_LIST } from "./commands/license-list.ts";
import { LICENSE_OFFER } from "./commands/license-offer.ts";
import { LICENSE_RENEW } from "./commands/license-renew.ts";
import { LICENSE_SHOW } from "./commands/license-show.ts";
import { LINEAGE } from "./commands/lineage.ts";
import { MINT } from "./commands/mint.ts";
import { OMS_SIGN } from "./commands/oms-sign.ts";
import { OMS_VERIFY } from "./commands/oms-verify.ts";
import { PIN } from "./commands/pin.ts";
import { PUBLISH } from "./commands/publish.ts";
import { PUBLISHER_CHECK } from "./commands/publisher-check.ts";
import { PUBLISHER_DOCUMENT } from "./commands/publisher-document.ts";
import { PUBLISHER_SIGN } from "./commands/publisher-sign.ts";
import { RENDERER_CLEAR } from "./commands/renderer-clear.ts";
import { RENDERER_LOCK } from "./commands/renderer-lock.ts";
import { RENDERER_SET } from "./commands/renderer-set.ts";
import { RENDERER_SHOW } from "./commands/renderer-show.ts";
import { REVENUE_SETTLE } from "./commands/revenue-settle.ts";
import { REVENUE_SHOW } from "./commands/revenue-show.ts";
import { REVENUE_TERMS } from "./commands/revenue-terms.ts";
import { REVENUE_UPSTREAM } from "./commands/revenue-upstream.ts";
import { REVENUE_WITHDRAW } from "./commands/revenue-withdraw.ts";
import { ROLES_ACCEPT } from "./commands/roles-accept.ts";
import { ROLES_GRANT } from "./commands/roles-grant.ts";
import { ROLES_LIST } from "./commands/roles-list.ts";
import { ROLES_REVOKE } from "./commands/roles-revoke.ts";
import { ROYALTY_INFO } from "./commands/royalty-info.ts";
import { ROYALTY_RELEASE } from "./commands/royalty-release.ts";
import { ROYALTY_SET } from "./commands/royalty-set.ts";
import { ROYALTY_SPLIT } from "./commands/royalty-split.ts";
import { SERVE_STDIO } from "./commands/serve-stdio.ts";
import { SHOW } from "./commands/show.ts";
import { STATUS_SET } from "./commands/status-set.ts";
import { STATUS_SET_BATCH } from "./commands/status-set-batch.ts";
import { STORE_CHECK } from "./commands/store-check.ts";
import { STORE_EXPORT } from "./commands/store-export.ts";
import { STORE_GC } from "./commands/store-gc.ts";
import { STORE_IMPORT } from "./commands/store-import.ts";
import { STORE_LIST } from "./commands/store-list.ts";
import { STORE_SERVE } from "./commands/store-serve.ts";
import { STORE_UNPIN } from "./commands/store-unpin.ts";
import { USE_GRANT } from "./commands/use-grant.ts";
import { USE_REVOKE } from "./commands/use-revoke.ts";
import { VALIDATOR_CLEAR } from "./commands/validator-clear.ts";
import { VALIDATOR_SET } from "./commands/validator-set.ts";
import { VALIDATOR_SHOW } from "./commands/validator-show.ts";
import { VERIFY } from "./commands/verify.ts";
import { VOUCHER_CANCEL } from "./commands/voucher-cancel.ts";
import { VOUCHER_CREATE } from "./commands/voucher-create.ts";
import { VOUCHER_REDEEM } from "./commands/voucher-redeem.ts";
import { WEB } from "./commands/web.ts";
import { WORKER } from "./commands/worker.ts";
import type { Verb } from "./verb.ts";

/** All verbs, in the order of the help. */
export const VERBS: readonly Verb[] = [
  PUBLISH,
  MINT,
  VERIFY,
  SHOW,
  LINEAGE,
  HASH,
  FETCH,
  IMPORT,
  WORKER,
  PIN,
  WEB,
  EXPORT_PACK,
  EXPORT,
  ...EXPORT_FORM_VERBS,
  OMS_SIGN,
  OMS_VERIFY,
  PUBLISHER_CHECK,
  PUBLISHER_DOCUMENT,
  PUBLISHER_SIGN,
  ROLES_GRANT,
  ROLES_REVOKE,
  ROLES_ACCEPT,
  ROLES_LIST,
  STATUS_SET,
  STATUS_SET_BATCH,
  ENDORSE,
  USE_GRANT,
  USE_REVOKE,
  VALIDATOR_SHOW,
  VALIDATOR_SET,
  VALIDATOR_CLEAR,
  RENDERER_SHOW,
  RENDERER_SET,
  RENDERER_CLEAR,
  RENDERER_LOCK,
  VOUCHER_CREATE,
  VOUCHER_REDEEM,
  VOUCHER_CANCEL,
  ROYALTY_INFO,
  ROYALTY_SET,
  ROYALTY_SPLIT,
  ROYALTY_RELEASE,
  LICENSE_OFFER,
  LICENSE_LIST,
  LICENSE_BUY,
  LICENSE_RENEW,
  LICENSE_CANCEL,
  LICENSE_SHOW,
  REVENUE_SHOW,
  REVENUE_SETTLE,
  REVENUE_WITHDRAW,
  REVENUE_UPSTREAM,
  REVENUE_TERMS,
  DOCTOR,
  COMPLETION,
  SERVE_STDIO,
  STORE_LIST,
  STORE_CHECK,
  STORE_UNPIN,
  STORE_GC,
  STORE_EXPORT,
  STORE_IMPORT,
  STORE_SERVE,
  GATE_SERVE,
];

/** Verbs that most people need, in the order of the help. */
export const EVERYDAY_VERBS: readonly string[] = ["publish", "verify", "show", "lineage", "hash", "fetch", "import"];

/** What the verbs of a group have in common, by their first word. */
export const GROUPS: Readonly<Record<string, string>> = {
  oms: "signatures of OpenSSF Model Signing",
  publisher: "who is behind an account: a web site and an account that name each other",
  roles: "who may record, curate and administer a registry",
  status: "deprecate and revoke models and batches",
  use: "let accounts use a model",
  validator: "the contract that every transfer asks (ERC-721C)",
  renderer: "the contract that draws the tokens",
  voucher: "mints that a minter signs and somebody else pays for",
  royalty: "who gets which part of a sale price (ERC-2981)",
  license: "licences of models that are bought and sold",
  revenue: "what licences bring, and whose it is",
  store: "the store on this machine",
  gate: "serve a model to who may use it",
};

/** A group, as it was asked for by its word. */
export interface VerbGroup {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Verb[];
}

/** The groups: verbs of two words whose first is the same, where that is no verb by itself. */
export function listGroups(): VerbGroup[] {
  return Object.entries(GROUPS).map(([name, summary]) => ({ name, summary, verbs: verbsOf(name) }));
}

/** The verbs that begin with a word. */
export function verbsOf(word: string): Verb[] {
  return VERBS.filter(({ name }) => name.startsWith(`${word} `));
}

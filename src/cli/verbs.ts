import { ADMINISTRATION_VERBS } from "./verbs/administration.ts";
import { EXPORT_VERBS } from "./verbs/export.ts";
import { FETCH_VERBS } from "./verbs/fetch.ts";
import { GATE_VERBS } from "./verbs/gate.ts";
import { HASH_VERBS } from "./verbs/hash.ts";
import { IMPORT_VERBS } from "./verbs/import.ts";
import { LINEAGE_VERBS } from "./verbs/lineage.ts";
import { OMS_VERBS } from "./verbs/oms.ts";
import { SETUP_VERBS } from "./verbs/setup.ts";
import { PUBLISH_VERBS } from "./verbs/publish.ts";
import { ROYALTY_VERBS } from "./verbs/royalty.ts";
import { STORE_VERBS } from "./verbs/store.ts";
import { VERIFY_VERBS } from "./verbs/verify.ts";
import { VOUCHER_VERBS } from "./verbs/vouchers.ts";
import type { Verb } from "./verbs/verb.ts";

/** All verbs, in the order of the help. */
export const VERBS: readonly Verb[] = [
  ...HASH_VERBS,
  ...PUBLISH_VERBS,
  ...VERIFY_VERBS,
  ...FETCH_VERBS,
  ...LINEAGE_VERBS,
  ...IMPORT_VERBS,
  ...EXPORT_VERBS,
  ...OMS_VERBS,
  ...ADMINISTRATION_VERBS,
  ...VOUCHER_VERBS,
  ...ROYALTY_VERBS,
  ...SETUP_VERBS,
  ...STORE_VERBS,
  ...GATE_VERBS,
];

import { agent } from "./agent.ts";
import { ancestors } from "./ancestors.ts";
import { asked } from "./asked.ts";
import { batch } from "./batch.ts";
import type { Check } from "./check.ts";
import { cid } from "./cid.ts";
import { credential } from "./credential.ts";
import { code } from "./code.ts";
import { dataset } from "./dataset.ts";
import { earlier } from "./earlier.ts";
import { manifest } from "./manifest.ts";
import { metadata } from "./metadata.ts";
import { oms } from "./oms.ts";
import { publisher } from "./publisher.ts";
import { royalty } from "./royalty.ts";
import { signature } from "./signature.ts";
import { status } from "./status.ts";
import { versions } from "./versions.ts";

/** All checks, in the order in which a report lists them. A new one is a file and its line here. */
export const CHECKS: readonly Check[] = [
  metadata,
  manifest,
  signature,
  publisher,
  cid,
  oms,
  dataset,
  asked,
  credential,
  agent,
  code,
  status,
  batch,
  earlier,
  ancestors,
  versions,
  royalty,
];

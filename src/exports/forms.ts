import { AGENT } from "./agent/agent.ts";
import { CROISSANT } from "./croissant/croissant.ts";
import { CYCLONEDX } from "./cyclonedx/cyclonedx.ts";
import type { ExportForm } from "./form.ts";
import { GPAI, GPAI_JSON } from "./gpai/gpai.ts";
import { HTML } from "./html/html.ts";
import { IN_TOTO } from "./in-toto/in-toto.ts";
import { SPDX } from "./spdx/spdx.ts";
import { VC, VC_JWT } from "./vc/vc.ts";

/** All forms, in the order of help and documentation. */
export const FORMS: readonly ExportForm[] = [
  CYCLONEDX,
  IN_TOTO,
  SPDX,
  VC,
  VC_JWT,
  CROISSANT,
  HTML,
  GPAI,
  GPAI_JSON,
  AGENT,
];

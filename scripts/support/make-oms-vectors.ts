/**
 * Makes the vectors of OMS bundles under test/vectors: `node scripts/support/make-oms-vectors.ts`.
 * Keys are new at each run and not kept, so a run changes every bundle.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { certificateVectors } from "./oms-vectors/certificate-vectors.ts";
import { fileVectors } from "./oms-vectors/file-vectors.ts";
import { keyVectors } from "./oms-vectors/key-vectors.ts";
import { statementVectors } from "./oms-vectors/statement-vectors.ts";

const groups = {
  key: keyVectors(),
  statement: statementVectors(),
  files: fileVectors(),
  certificate: certificateVectors(),
};

for (const kind of ["valid", "invalid"] as const) {
  const folder = new URL(`../../test/vectors/${kind}/oms/`, import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, vectors] of Object.entries(groups)) {
    const chosen = vectors.filter(({ expected }) => (expected === "verified") === (kind === "valid"));
    await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(chosen, null, 2)}\n`);
  }
}

import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { runExportForm } from "../../../src/cli/run/export-form.ts";
import { EXPORT_FORM_VERBS } from "../../../src/cli/commands/export-form.ts";
import { readEnvironment } from "../../../src/cli/options.ts";
import { namesOf } from "../../../src/cli/verb.ts";
import { ALL_FORMS } from "../../../src/exports/all-forms.ts";
import type { ExportForm } from "../../../src/exports/form.ts";
import { ethers } from "../../helpers/deploy-model-provenance.ts";
import { TEST_ED25519_KEY, TEST_KEY } from "../../helpers/export-key.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { setUpVerify } from "../../helpers/verify-command.ts";

const PLACES = 24;

/** A file with one byte changed: the first, the last, and some between; and one that is shorter, or longer. */
function* changesOf(bytes: Uint8Array): Generator<[what: string, changed: Uint8Array]> {
  const last = bytes.length - 1;
  for (let i = 0; i <= PLACES; i++) {
    const at = Math.round((last * i) / PLACES);
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    yield [`byte ${at} of ${bytes.length}`, changed];
  }
  yield ["without its last byte", bytes.subarray(0, last)];
  yield ["with a byte more", Buffer.concat([bytes, Buffer.from(" ")])];
}

describe("export --check", function () {
  const temporary = useTemporaryFolder();

  it("finds a byte that was changed anywhere, in every form", async function () {
    const { record, registry, storePath, contract, curator } = await setUpVerify(temporary);
    const modelPath = await temporary.write("model", { "README.md": "A model.", "w.safetensors": "weights" });
    const tokenId = await record({ modelPath, statements: { name: "Mine", license: "MIT" } });
    const keys = { "vc-jwt": TEST_KEY, vc: TEST_ED25519_KEY } as Record<string, string>;
    const connection = {
      networkName: "test",
      chainId: 31337n,
      provider: ethers.provider,
      deploymentsFolder: temporary.path("none"),
    };
    const run = async (form: ExportForm, environment: Record<string, string>) => {
      const verb = EXPORT_FORM_VERBS.find(({ name }) => name === `export ${form.name}`);
      const common = { MODEL_PROVENANCE_ADDRESS: registry.address, STORE_PATH: storePath, EXPORT_OF: tokenId };
      const key = keys[form.name] === undefined ? {} : { OMS_PRIVATE_KEY: temporary.path("key.pem") };
      const names = namesOf(verb ?? { positionals: [], options: [] });
      const options = readEnvironment(names, { ...common, ...key, ...environment });
      return runExportForm(form, options, async () => Promise.resolve(connection), recordingTerminal().terminal).catch(
        (error: { code: string }) => error.code,
      );
    };
    const path = temporary.path("export");
    for (const form of ALL_FORMS) {
      await writeFile(temporary.path("key.pem"), keys[form.name] ?? "");
      expect(await run(form, { OUTPUT_PATH: path }), form.name).to.equal(0);
      expect(await run(form, { EXPORT_CHECK: path }), form.name).to.equal(0);
      for (const [what, changed] of changesOf(await readFile(path))) {
        await writeFile(temporary.path("changed"), changed);
        const answer = await run(form, { EXPORT_CHECK: temporary.path("changed") });
        expect(answer, `${form.name}, ${what}`).to.not.equal(0);
      }
      await writeFile(temporary.path(form.name), await readFile(path));
    }
    await contract.connect(curator).setStatus(tokenId, 2, "Wrong data.");
    for (const form of ALL_FORMS) {
      await writeFile(temporary.path("key.pem"), keys[form.name] ?? "");
      expect(await run(form, { EXPORT_CHECK: temporary.path(form.name) }), form.name).to.not.equal(0);
    }
  });
});

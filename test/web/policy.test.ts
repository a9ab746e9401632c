import { join } from "node:path";
import { expect } from "chai";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import type { VerifyDocument } from "../../src/verify/report-document.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { choose, expectSameVerdict } from "../helpers/page-verdict.ts";
import { createSafetensors } from "../helpers/safetensors.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { useBrowser } from "../helpers/use-browser.ts";
import { setUpVerify } from "../helpers/verify-command.ts";

const FILES = {
  "README.md": "---\nlicense: apache-2.0\n---\nA model.",
  "model.safetensors": createSafetensors({ w: { dtype: "U8", shape: [4], data_offsets: [0, 4] } }, 4),
};
const STRANGER = `0x${"12".repeat(20)}`;

describe("a policy in the page", function () {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();

  async function setUp(look: Parameters<typeof tests.open>[0] = {}) {
    const { registry: found, ...deployed } = await setUpVerify(temporary);
    const registry = { ...found, name: "test" };
    const modelPath = await temporary.write("model", FILES);
    const statements = { version: "1.0.0", metrics: [{ name: "accuracy", value: 0.93 }] };
    await deployed.record({ modelPath, statements });
    const opened = await tests.open({ registries: [registry], store: new LocalStore(deployed.storePath), ...look });
    const { page } = opened;
    /** Writes a policy and chooses it, in place of the one before. */
    const give = async (rules: string) => {
      await temporary.write(".", { "model-policy.yaml": `schemaVersion: "1.0"\n${rules}` });
      const other = page.getByRole("button", { name: "Check something else" });
      if ((await other.count()) > 0) await other.click();
      const drop = page.getByRole("button", { name: "Decide without it" });
      if ((await drop.count()) > 0) await drop.click();
      await page.getByLabel("Decide by a policy, too").setInputFiles(temporary.path("model-policy.yaml"));
    };
    const print = async (more: Record<string, string> = {}) => {
      const policy = { MODEL_PATH: modelPath, MODEL_POLICY: temporary.path("model-policy.yaml") };
      return JSON.parse(
        (await deployed.verify({ ...policy, OUTPUT_FORMAT: "json", ...more })).stdout,
      ) as VerifyDocument;
    };
    const rows = async () => page.locator("section", { hasText: "model-policy.yaml" }).locator("li").allInnerTexts();
    return { ...deployed, ...opened, registry, modelPath, give, print, rows };
  }

  it("decides as verify --policy does, and shows of each rule whether it holds", async function () {
    this.timeout(60_000);
    const { give, print, page, modelPath, rows, minter, registry } = await setUp();
    const cases: [rules: string, verdict: string, shown: RegExp[]][] = [
      [
        `creators: ["${minter.address}"]
registries: ["eip155:31337:${registry.address}"]
licenses: { allow: [Apache-2.0], deny: [AGPL-3.0-only], nonCommercial: refuse }
signature: required
deprecated: refuse
minimumConfirmations: 1
formats: { allow: [safetensors], refuse: [pickle] }
ancestors: { status: active, endorsed: required, licenses: not-more-permissive }
metrics: [{ name: accuracy, minimum: 0.9 }]`,
        "verified",
        "creators registries licenses.allow licenses.deny licenses.nonCommercial signature deprecated minimumConfirmations formats.allow formats.refuse ancestors.status ancestors.endorsed ancestors.licenses metrics"
          .split(" ")
          .map((rule) => new RegExp(`${rule.replace(".", "\\.")} holds$`)),
      ],
      [
        `creators: ["${STRANGER}"]\nlicenses: { allow: [Apache-2.0], deny: [Apache-2.0] }\nformats: { refuse: [safetensors] }`,
        "unacceptable",
        [
          /creators does not hold: .* is not one of the creators allowed/,
          /licenses.allow holds$/,
          /licenses.deny does not hold: the licence Apache-2.0 is denied/,
          /formats.refuse does not hold: there are files of the formats safetensors/,
        ],
      ],
      [`publishers: [{ Lab A: "${minter.address}" }]`, "verified", [/publishers holds$/]],
      [`publishers: [{ Lab B: "${STRANGER}" }]`, "unacceptable", [/publishers does not hold: /]],
      ["metrics: [{ name: accuracy, minimum: 0.95 }]", "unacceptable", [/metrics does not hold: accuracy is 0.93/]],
      ["signature: optional", "verified", []],
    ];
    for (const [rules, verdict, shown] of cases) {
      await give(rules);
      const document = await expectSameVerdict(page, modelPath, await print());
      expect(document.verdict).to.equal(verdict);
      const said = await rows();
      expect(said.length, said.join("\n")).to.equal(shown.length);
      shown.forEach((pattern, i) => expect(said[i]?.replace(/\s+/g, " ")).to.match(pattern));
    }
  });

  it("calls accounts by the names of a registries file, as the reader's own word, until they are dropped", async function () {
    this.timeout(60_000);
    const { page, url, modelPath, minter, registry, verify } = await setUp();
    const folder = await temporary.write("named", {
      "registries.yaml": `schemaVersion: "1.0"
publishers: { Lab A: "${minter.address}" }
registries: [{ name: test, chainId: 31337, address: "${registry.address}", rpcUrl: ${url}rpc/0 }]`,
    });
    const file = join(folder, "registries.yaml");
    await page.getByRole("link", { name: "Settings" }).first().click();
    await page.getByLabel("Registries file").setInputFiles(file);
    await page.getByText("Your own statement, from a registries file").waitFor();
    await page.getByRole("link", { name: "Verify" }).first().click();
    const asked = {
      MODEL_PATH: modelPath,
      MODEL_REGISTRIES: file,
      MODEL_PROVENANCE_ADDRESS: "",
      OUTPUT_FORMAT: "json",
    };
    const printed = JSON.parse((await verify(asked)).stdout) as VerifyDocument;
    const { reason, publisher } = await expectSameVerdict(page, modelPath, printed);
    expect(reason).to.include(`Lab A (${minter.address})`);
    expect(publisher).to.include({ name: "Lab A", source: "address-book" });
    const named = page.getByText("Lab A (address book)");
    expect(await named.count()).to.be.greaterThan(0);
    await page.getByRole("link", { name: "Open the record" }).click();
    await page.getByRole("heading", { level: 1, name: "model", exact: true }).waitFor();
    await named.first().waitFor();
    // Another name for the same account contradicts, and nothing of its file is taken.
    const text = `schemaVersion: "1.0"\npublishers: { Lab B: "${minter.address}" }\nregistries: [{ chainId: 5, address: "${STRANGER}", rpcUrl: ${url} }]`;
    await page.getByRole("link", { name: "Settings" }).first().click();
    const other = { name: "other.yaml", mimeType: "application/yaml", buffer: Buffer.from(text) };
    await page.getByLabel("Registries file").setInputFiles(other);
    await page.getByText("by different names").waitFor();
    expect(await page.getByText(STRANGER).count()).to.equal(0);
    await page.getByRole("button", { name: "Remove Lab A" }).click();
    await page.reload();
    await page.getByLabel("Registries file").waitFor();
    expect(await page.getByText("Lab A").count()).to.equal(0);
  });

  it("says of what a lock does not hold that it could not be checked", async function () {
    this.timeout(60_000);
    const { give, print, page, url, modelPath, registry, rows, verify } = await setUp();
    await give("licenses: { allow: [Apache-2.0] }\nminimumConfirmations: 1");
    // What the page's settings name, for the command.
    const entry = `{ name: test, chainId: 31337, address: "${registry.address}", rpcUrl: ${url}rpc/0 }`;
    const listed = await temporary.write("listed", {
      "registries.yaml": `schemaVersion: "1.0"\nregistries: [${entry}]`,
    });
    const lock = temporary.path("model-provenance.lock.json");
    const policy = temporary.path("model-policy.yaml");
    await verify({ MODEL_PATH: modelPath, WRITE_LOCK: lock, MODEL_POLICY: policy });
    await choose(page, lock);
    await page.getByText("A lock was dropped").waitFor();
    const trusted = { MODEL_REGISTRIES: join(listed, "registries.yaml"), MODEL_PROVENANCE_ADDRESS: "" };
    await expectSameVerdict(page, modelPath, await print({ LOCK_FILE: lock, ...trusted }));
    const [first, second] = await rows();
    expect(first).to.match(/licenses.allow holds$/);
    expect(second).to.match(/minimumConfirmations could not be checked: the lock does not hold what it asks for/);
  });

  it("says the line of a fault, is kept, and let go", async function () {
    const { give, page, modelPath } = await setUp();
    await give("licenses: { alow: [MIT] }");
    await page.getByText("model-policy.yaml is not valid: line 2, licenses.alow: there is no such key").waitFor();
    // Dropped like a model, it is none.
    await temporary.write(".", { "strict-policy.yaml": 'schemaVersion: "1.0"\nlicenses: { allow: [MIT] }' });
    await choose(page, temporary.path("strict-policy.yaml"));
    await page.getByText("A policy was dropped").waitFor();
    await page.reload();
    await page.getByText("Verdicts are decided by the policy strict-policy.yaml: licenses.allow").waitFor();
    await choose(page, modelPath);
    await page.getByRole("heading", { name: "Not acceptable" }).waitFor();
    await page.getByText("the licence Apache-2.0 is not one of those allowed").first().waitFor();
    await page.getByRole("link", { name: "Settings" }).first().click();
    await page.getByRole("button", { name: "Decide without it" }).click();
    await page.getByRole("link", { name: "Verify" }).first().click();
    await page.getByRole("button", { name: "Check something else" }).click();
    await choose(page, modelPath);
    await page.getByRole("heading", { name: "Verified" }).waitFor();
  });

  for (const [width, colorScheme] of [
    [375, "light"],
    [1280, "dark"],
  ] as const) {
    it(`has no fault at ${width} px (${colorScheme})`, async function () {
      this.timeout(30_000);
      const { give, page, modelPath } = await setUp({ viewport: { width, height: 800 }, colorScheme });
      await give(`creators: ["${STRANGER}"]\nlicenses: { allow: [Apache-2.0] }\nformats: { refuse: [safetensors] }`);
      await page.getByText("Verdicts are decided by").waitFor();
      await expectFaultless(page, width);
      await choose(page, modelPath);
      await page.getByRole("heading", { name: "Not acceptable" }).waitFor();
      await expectFaultless(page, width);
      const folder = process.env["SCREENS"];
      if (folder !== undefined) await page.screenshot({ path: `${folder}/policy-${width}.png`, fullPage: true });
    });
  }
});

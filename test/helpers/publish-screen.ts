import type { JsonRpcSigner } from "ethers";
import type { BrowserContextOptions, Page } from "playwright-core";
import { importCar } from "../../src/content/car/import-car.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import type { PublishRequest } from "../../src/publish/prepare-model.ts";
import { prepareModel } from "../../src/publish/prepare-model.ts";
import { type FakeWalletOptions, addFakeWallet } from "./fake-wallet.ts";
import { createSafetensors } from "./safetensors.ts";
import { serveRegistry } from "./served-registry.ts";
import { useTemporaryFolder } from "./temporary-folder.ts";
import { useBrowser } from "./use-browser.ts";

const CARD = `---
license: apache-2.0
library_name: transformers
pipeline_tag: question-answering
datasets: [squad_v2]
model-index:
- name: Alba reader
  results:
  - dataset: {name: squad, type: squad}
    metrics: [{type: f1, value: 0.913}]
---
Answers questions about one paragraph.
`;

/** The weights of the models that are published. */
export const WEIGHTS = createSafetensors({ "a.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] } }, 24);

const FILES = {
  "README.md": CARD,
  "config.json": '{"architectures":["AlbertForQuestionAnswering"],"transformers_version":"4.57.0"}',
  "training-config.json": '{"epochs":3}',
  "model.safetensors": WEIGHTS,
};

/** How the page is opened, and with which wallet. */
export interface Opening extends BrowserContextOptions {
  readonly at?: string;
  readonly signer?: JsonRpcSigner;
  readonly wallet?: FakeWalletOptions;
}

/** Makes models, a registry that is served, a browser, and what people do on the page's screen for publishing. */
export function usePublishScreen(chainId?: number) {
  const tests = useBrowser();
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;

  before(async function () {
    served = await serveRegistry(chainId);
  });

  after(async function () {
    await served.close();
  });

  /** Keeps what the page saves, and serves it to the page. */
  const keeper = () => new LocalStore(temporary.path("store"));

  const press = async (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

  return {
    temporary,
    keeper,
    press,
    served: () => served,
    /** A folder like no other of these tests. */
    writeModel: async (name: string, files: Readonly<Record<string, string | Uint8Array>> = FILES) =>
      temporary.write(name, { ...files, "notes.txt": name }),
    open: async ({ at = "#/publish", signer = served.minter, wallet = {}, ...options }: Opening = {}) => {
      const opened = await tests.open({ at, registries: [served.registry], store: keeper(), ...options });
      const asked = await addFakeWallet(opened.context, signer, wallet);
      await opened.page.reload();
      await opened.page.getByRole("button", { name: "Choose a folder" }).waitFor();
      return { ...opened, asked };
    },
    choose: async (page: Page, folder: string) => {
      await page.getByLabel("Choose a folder", { exact: true }).setInputFiles(folder);
      await page.getByLabel("Licence").waitFor();
    },
    sign: async (page: Page) => {
      await press(page, "Look it over");
      await press(page, "Sign the metadata");
      await page.getByRole("button", { name: "Pin and mint" }).waitFor();
    },
    /** Pins by a CAR, which is imported into the store, and mints. */
    record: async (page: Page) => {
      await page.getByLabel("A CAR file that I import myself").check();
      const saving = page.waitForEvent("download");
      await press(page, "Pin and mint");
      await importCar(keeper(), await (await saving).path());
    },
    /** Chooses that the CID of what is picked next is recorded. */
    wantCid: async (page: Page) => {
      await page.getByText("Paths to leave out, CID, OMS bundle").click();
      await page.getByLabel("Record the CID of the model as well").check();
    },
    isRecorded: async (page: Page) => page.getByText("has a record that nobody can change").waitFor(),
    /** What the command makes of the same model and statements, and what it says besides. */
    prepare: async (request: PublishRequest) => {
      const warnings: string[] = [];
      const context = { registry: served.registry, signer: served.minter, warn: (text: string) => warnings.push(text) };
      return { ...(await prepareModel(request, context)), warnings };
    },
  };
}

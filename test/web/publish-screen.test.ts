import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { importCar } from "../../src/content/car/import-car.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { usePublishScreen } from "../helpers/publish-screen.ts";
import { createSafetensors } from "../helpers/safetensors.ts";

describe("the page's screen for publishing", function () {
  const { served, keeper, writeModel, open, choose, press, record, isRecorded, prepare } = usePublishScreen();

  it("says before anything is signed what stands in the way", async function () {
    const { registry, minter } = served();
    const provider = minter.provider;
    const folder = await writeModel("hurdles");
    const stranger = await provider.getSigner(3);
    const { page, asked } = await open({ signer: stranger, wallet: { refuses: ["eth_accounts"] } });
    await choose(page, folder);
    await page.getByLabel("Parents in this registry").fill(toHex32(7n));
    await page.getByText("A parent needs a relation").waitFor();
    await page.getByLabel("Relation").selectOption("fine-tune");
    await press(page, "Look it over");
    await press(page, "Connect the wallet");
    await page.getByText("does not have the minter role").waitFor();
    await registry.contract.grantRole(await registry.contract.MINTER_ROLE(), stranger.address);
    await press(page, "Ask the chain again");
    await page.getByText("is not in the registry").waitFor();
    await press(page, "Change what you say");
    await page.getByLabel("Parents in this registry").fill("");
    await page.getByLabel("Relation").selectOption("");
    await provider.send("hardhat_setBalance", [stranger.address, "0x1"]);
    await press(page, "Look it over");
    await press(page, "Connect the wallet");
    await page.getByText("This account cannot pay for it").waitFor();
    expect(await page.getByRole("button", { name: "Sign the metadata" }).isDisabled()).to.equal(true);
    expect(asked).to.not.include("eth_signTypedData_v4").and.not.include("eth_sendTransaction");
  });

  it("leaves it to the wallet's user to add a network of which no public node is known", async function () {
    const { page, asked } = await open({ wallet: { chainId: "0x1", unknown: ["0x539"] } });
    await choose(page, await writeModel("unknown-chain"));
    await press(page, "Look it over");
    await press(page, "Sign the metadata");
    await page.getByText("The wallet does not know chain 1337").waitFor();
    expect(asked).to.include("wallet_switchEthereumChain").and.not.include("wallet_addEthereumChain");
    expect(asked).to.not.include("eth_signTypedData_v4");
  });

  it("refuses Git LFS pointers, and reads tensors of a file that is read in pieces", async function () {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 9\n";
    const { page } = await open();
    const input = page.getByLabel("Choose a folder", { exact: true });
    await input.setInputFiles(await writeModel("pointer", { "model.safetensors": pointer }));
    await page.getByText("a pointer of Git LFS").waitFor();
    await press(page, "Begin again");
    const size = 65 * 1024 * 1024;
    const header = {
      a: { dtype: "U8", shape: [size - 3], data_offsets: [0, size - 3] },
      b: { dtype: "U8", shape: [3], data_offsets: [size - 3, size] },
    };
    const folder = await writeModel("large", { "model.safetensors": createSafetensors(header, size) });
    await choose(page, folder);
    const { built } = await prepare({ modelPath: folder, statements: {} });
    const root = built.metadata.provenance.tensors?.root ?? "";
    await page.getByText(`2, root ${root.slice(0, 6)}…${root.slice(-4)}`).waitFor();
  });

  it("can be used by the keyboard alone", async function () {
    const folder = await writeModel("keys");
    const { page } = await open();
    const reach = async (name: string) => {
      for (let count = 0; count < 80; count++) {
        const at = await page.evaluate<string>(
          "(document.activeElement?.closest('label, button, a')?.textContent ?? '') + (document.activeElement?.labels?.[0]?.textContent ?? '')",
        );
        if (at.trim().startsWith(name)) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`The keyboard does not reach ${name}.`);
    };
    const choosing = page.waitForEvent("filechooser");
    await reach("Choose a folder");
    await page.keyboard.press("Enter");
    await (await choosing).setFiles(folder);
    await page.getByLabel("Version").waitFor();
    await reach("Version");
    await page.keyboard.type("1.0.1");
    await page.keyboard.press("Enter");
    await page.getByText("Costs at most").waitFor();
    await reach("Sign the metadata");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pin and mint" }).waitFor();
    await reach("An IPFS node on this machine");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await reach("Pin and mint");
    const saving = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    await importCar(keeper(), await (await saving).path());
    await isRecorded(page);
    await reach("To its page");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Alba reader" }).waitFor();
  });

  for (const [width, colorScheme] of [
    [375, "dark"],
    [1280, "light"],
  ] as const) {
    it(`has no fault that axe finds at any step, and fits ${width} px (${colorScheme})`, async function () {
      const { page } = await open({ viewport: { width, height: 800 }, colorScheme });
      await expectFaultless(page, width);
      await choose(page, await writeModel(`axe-${width}`));
      await page.getByLabel("Metrics").fill("none");
      await page.getByText("is no metric").waitFor();
      await expectFaultless(page, width);
      await page.getByLabel("Metrics").fill("f1=0.9");
      await press(page, "Look it over");
      await page.getByText("Costs at most").waitFor();
      await expectFaultless(page, width);
      await press(page, "Sign the metadata");
      await page.getByRole("button", { name: "Pin and mint" }).waitFor();
      await expectFaultless(page, width);
      await record(page);
      await isRecorded(page);
      await expectFaultless(page, width);
    });
  }
});

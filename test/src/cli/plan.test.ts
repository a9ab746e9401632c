import { existsSync } from "node:fs";
import { expect } from "chai";
import { runMint } from "../../../src/cli/run/mint.ts";
import type { ChainConnection } from "../../../src/cli/chain-connection.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("the plan of a mint", function () {
  const temporary = useTemporaryFolder();

  async function rehearse(signer: "minter" | "stranger", more: Partial<Parameters<typeof runMint>[0]> = {}) {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    const account = deployed[signer];
    const connection: ChainConnection = {
      networkName: "test",
      chainId: 31337n,
      provider: ethers.provider,
      deploymentsFolder: "nowhere",
      getSigner: async () => account,
    };
    const modelPath = await temporary.write("model", { "model.bin": "weights", "config.json": "{}" });
    const { terminal, printed, notes } = recordingTerminal();
    const given = { modelPath, registryAddress: deployed.registry.address, storePath: temporary.path("store") };
    const options = { ...given, license: "MIT", version: "1.2.0", dryRun: true, ...more };
    const before = await account.getNonce();
    const error = await runMint(options, connection, terminal).then(
      () => undefined,
      (failure: unknown) => failure as Error & { code: string },
    );
    expect(await account.getNonce(), "nothing is sent").to.equal(before);
    expect(existsSync(temporary.path("store")), "nothing is pinned").to.equal(false);
    return { ...deployed, account, error, printed, notes: notes.join("\n") };
  }

  it("says in a dry run where it goes, who pays, what it costs at most and all that becomes public", async function () {
    const { error, notes, registry, account, printed } = await rehearse("minter");
    expect(error).to.equal(undefined);
    for (const words of [
      "test (chain 31337)",
      registry.address,
      account.address,
      "will be pinned in",
      "public for ever",
    ]) {
      expect(notes).to.include(words);
    }
    expect(notes)
      .to.match(/worst cost\s+[\d.]+ ether/)
      .and.to.match(/balance [\d.]+ ether/);
    for (const [field, value] of [
      ["license", "MIT"],
      ["version", "1.2.0"],
      ["files", "2 with names, sizes and SHA-256: config.json, model.bin"],
      ["creator", account.address],
      ["signature", `of ${account.address}`],
    ] as const) {
      expect(notes).to.match(new RegExp(`^ +${field} .*${value}`, "m"));
    }
    const { provenance } = JSON.parse(printed.join("")) as { provenance: Record<string, unknown> };
    for (const field of Object.keys(provenance).filter((name) => name !== "manifest" && name !== "schemaVersion")) {
      expect(notes, field).to.match(new RegExp(`^ +${field} `, "m"));
    }
  });

  it("says it for a program", async function () {
    const { printed } = await rehearse("minter", { format: "json" });
    const { cost, dryRun } = JSON.parse(printed.join("")) as { cost: Record<string, unknown>; dryRun: boolean };
    expect(dryRun).to.equal(true);
    expect(cost).to.have.all.keys("gas", "maxFeePerGas", "dataFee", "worstCost", "balance");
  });

  it("is refused above the limit, and to who may not mint, with the command of the admin", async function () {
    expect((await rehearse("minter", { maxCost: 1n })).error).to.include({ code: "COST_TOO_HIGH" });
    const { error, account, registry } = await rehearse("stranger");
    expect(error).to.include({ code: "NOT_MINTER" });
    expect(error?.message).to.include(
      `model-provenance roles grant minter ${account.address} --contract ${registry.address} --chain-id 31337`,
    );
  });
});

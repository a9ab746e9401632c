import { expect } from "chai";
import { type Options, withOrigin } from "../../../src/cli/options.ts";
import { VERIFY } from "../../../src/cli/commands/verify.ts";
import { readOptions } from "../../../src/cli/read-options.ts";
import type { Settings, ValueSource } from "../../../src/cli/settings.ts";
import {
  assertOwnSettings,
  assertOwnVariable,
  chooseRegistries,
  isGate,
  sourceOfDeployment,
} from "../../../src/cli/trusted-registries.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const ADDRESS = `0x${"12".repeat(20)}`;
type Named = "registryAddress" | "registriesFile" | "network";

/** Options that name registries, each in a way of its own. */
function name(ways: Partial<Record<Named, ValueSource>>): Options {
  const values = { registryAddress: ADDRESS, registriesFile: "registries.yaml", network: "sepolia" };
  const given = Object.fromEntries(Object.keys(ways).map((key) => [key, values[key as Named]]));
  return withOrigin(given, ways);
}

describe("the registries that a verifier trusts", function () {
  const temporary = useTemporaryFolder();

  const choices: [Partial<Record<Named, ValueSource>>, string][] = [
    [{}, "deployment"],
    [{ registryAddress: "variable" }, "contract"],
    [{ registriesFile: "variable" }, "file"],
    [{ registryAddress: "variable", registriesFile: "flag" }, "file"],
    [{ registryAddress: "flag", registriesFile: "variable" }, "contract"],
    [{ registryAddress: ".env", registriesFile: "variable" }, "file"],
    [{ registryAddress: "flag", registriesFile: "flag" }, "both"],
    [{ registryAddress: ".env", registriesFile: ".env" }, "both"],
    [{ network: "flag", registriesFile: "variable" }, "network"],
    [{ network: "variable", registriesFile: "flag" }, "file"],
    [{ network: "flag", registryAddress: "flag" }, "contract"],
  ];
  for (const [ways, choice] of choices) {
    it(`are by ${JSON.stringify(ways)} those of the ${choice}`, function () {
      expect(chooseRegistries(name(ways))).to.equal(choice);
    });
  }

  it("are nobody's choice where a network and a file are named in the same way", async function () {
    for (const way of ["flag", "variable"] as const) {
      const both = name({ network: way, registriesFile: way });
      expect(await errorCode(async () => chooseRegistries(both))).to.equal("OPTION_INVALID");
    }
  });

  it("are never those that the model brings, by Ignition or by .env", async function () {
    const modelPath = await temporary.write("model", {
      "ignition/deployments/chain-31337/deployed_addresses.json": "{}",
    });
    const folder = `${modelPath}/ignition/deployments`;
    const code = await errorCode(async () => sourceOfDeployment(folder, { modelPath }, false));
    expect(code).to.equal("REGISTRY_NOT_CONFIGURED");
    const elsewhere = { modelPath: await temporary.write("other", { x: "x" }) };
    expect(await sourceOfDeployment(folder, elsewhere, false)).to.include("working folder");
    expect(await errorCode(async () => sourceOfDeployment(folder, elsewhere, true))).to.equal(
      "REGISTRY_NOT_CONFIGURED",
    );
    const here = withOrigin({ modelPath: process.cwd(), registryAddress: ADDRESS }, { registryAddress: ".env" });
    expect(await errorCode(async () => assertOwnSettings(here, { GITHUB_ACTIONS: "true" }))).to.equal("OPTION_INVALID");
  });

  it("are asked for by no node that .env names, where there is a gate", async function () {
    const settings: Settings = { variables: { NODE_URL: "http://127.0.0.1:1", OWN_URL: "" }, sourceOf: () => ".env" };
    const named = withOrigin({ registriesFile: "r.json" }, {}, settings);
    expect(await errorCode(async () => assertOwnVariable("NODE_URL", named, true))).to.equal("OPTION_INVALID");
    await assertOwnVariable("NODE_URL", named, false);
    for (const unset of ["OWN_URL", "OTHER_URL"]) await assertOwnVariable(unset, named, true);
    const folder = await temporary.write("work", { ".env": "SEPOLIA_RPC_URL=http://127.0.0.1:1\n" });
    const options = await readOptions(VERIFY, ["m", "--network", "sepolia"], {}, folder);
    const error: unknown = await assertOwnSettings(options, { GITHUB_ACTIONS: "true" }).catch(
      (cause: unknown) => cause,
    );
    expect(String(error)).to.include("SEPOLIA_RPC_URL in .env");
    await assertOwnSettings(options, {});
    const typed = await readOptions(
      VERIFY,
      ["m", "--network", "sepolia"],
      { SEPOLIA_RPC_URL: "http://127.0.0.1:2" },
      folder,
    );
    await assertOwnSettings(typed, { GITHUB_ACTIONS: "true" });
  });

  it("are those of whoever set up the gate, where there is one", async function () {
    const fromFile = withOrigin({ registryAddress: ADDRESS }, { registryAddress: ".env" });
    await assertOwnSettings(fromFile, {});
    const gates: [Options, Record<string, string>][] = [
      [{}, { GITHUB_ACTIONS: "true" }],
      [{}, { GITLAB_CI: "true" }],
      [{ policyFile: "p.yaml" }, {}],
      [{ format: "github" }, {}],
      [{ format: "junit" }, {}],
      [{ format: "vsa" }, {}],
    ];
    for (const [options, environment] of gates) {
      expect(isGate(options, environment)).to.equal(true);
      const judged = withOrigin({ ...fromFile, ...options }, { registryAddress: ".env" });
      expect(await errorCode(async () => assertOwnSettings(judged, environment))).to.equal("OPTION_INVALID");
    }
    for (const GITHUB_ACTIONS of ["", "false", "0"]) {
      expect(isGate({ format: "json" }, { GITHUB_ACTIONS, CI: "true" })).to.equal(false);
    }
  });
});

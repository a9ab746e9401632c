import { readFile } from "node:fs/promises";
import { expect } from "chai";
import config from "../../../hardhat.config.ts";
import { ENVIRONMENT_EXAMPLE, writeEnvironmentExample } from "../../../scripts/support/environment-example.ts";
import { OPTIONS, type OptionName, readEnvironment, required } from "../../../src/cli/options.ts";
import { RECORD_OPTIONS } from "../../../src/cli/option-sets.ts";
import { toPublishRequest } from "../../../src/cli/publish-options.ts";
import { namesOf } from "../../../src/cli/verb.ts";
import { VERBS } from "../../../src/cli/verbs.ts";
import { errorCode } from "../../helpers/error-code.ts";

const ALL = Object.keys(OPTIONS) as OptionName[];
const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

const read = (environment: Record<string, string>) => readEnvironment(ALL, environment) as Record<string, unknown>;

describe("options", function () {
  describe("readEnvironment", function () {
    const valid: [OptionName, string, unknown][] = [
      ["modelPath", "./my model", "./my model"],
      ["modelPath", "  trimmed ", "trimmed"],
      ["ignorePaths", "logs, a/b ,,c,", ["logs", "a/b", "c"]],
      ["parents", "7,0x0a,./base", ["7", "0x0a", "./base"]],
      ["relation", "Fine-Tune", "fine-tune"],
      ["framework", "PyTorch 2.9.0", { name: "PyTorch", version: "2.9.0" }],
      ["framework", "PyTorch v2.1.0", { name: "PyTorch", version: "2.1.0" }],
      ["framework", "Hugging Face Transformers 4", { name: "Hugging Face Transformers", version: "4" }],
      ["framework", "scikit-learn", { name: "scikit-learn" }],
      [
        "metrics",
        "accuracy=0.93, f1 = 1e-3,grade=A=1",
        [
          { name: "accuracy", value: 0.93 },
          { name: "f1", value: 0.001 },
          { name: "grade", value: "A=1" },
        ],
      ],
      ["royaltyBasisPoints", "0", 0],
      ["royaltyBasisPoints", "1000", 1000],
      ["royaltyReceiver", ADDRESS.toLowerCase(), ADDRESS],
      ["mintTo", ADDRESS, ADDRESS],
      ["maxCost", "0.01", 10n ** 16n],
      ["maxCost", "0", 0n],
      ["format", "json", "json"],
      ...["1", "true", "YES", "on"].map((text): [OptionName, string, unknown] => ["dryRun", text, true]),
      ...["0", "false", "No", "off"].map((text): [OptionName, string, unknown] => ["claimFile", text, false]),
    ];
    for (const [name, text, expected] of valid) {
      it(`reads ${OPTIONS[name].environment}=${text}`, function () {
        expect(read({ [OPTIONS[name].environment]: text })).to.deep.equal({ [name]: expected });
      });
    }

    const invalid: [OptionName, string][] = [
      ["relation", "parent"],
      ["metrics", "accuracy"],
      ["metrics", "accuracy="],
      ["metrics", "=0.93"],
      ["metrics", "accuracy=0.93,f1"],
      ["royaltyBasisPoints", "1001"],
      ["royaltyBasisPoints", "-1"],
      ["royaltyBasisPoints", "2.5"],
      ["royaltyBasisPoints", "5%"],
      ["royaltyBasisPoints", "1e2"],
      ["royaltyReceiver", "0x00"],
      ["royaltyReceiver", "vitalik.eth"],
      ["mintTo", ADDRESS.replace("F", "f")],
      ["mintFrom", "me"],
      ["maxCost", "much"],
      ["maxCost", "-1"],
      ["maxCost", "0.0000000000000000001"],
      ["claimFile", "2"],
      ["dryRun", "maybe"],
      ["yes", "y e s"],
      ["verifySource", "-"],
      ["format", "JSON"],
    ];
    for (const [name, text] of invalid) {
      it(`refuses ${OPTIONS[name].environment}=${text}`, async function () {
        expect(await errorCode(() => read({ [OPTIONS[name].environment]: text }))).to.equal("OPTION_INVALID");
      });
    }

    it("takes an empty variable for one that is not set, whatever the option", function () {
      for (const text of ["", " ", "\t\n"]) {
        expect(read(Object.fromEntries(ALL.map((name) => [OPTIONS[name].environment, text])))).to.deep.equal({});
      }
    });

    it("looks at the options asked for alone", function () {
      expect(readEnvironment(["name"], { MODEL_NAME: "x", RELATION: "wrong", OTHER: "y" })).to.deep.equal({
        name: "x",
      });
    });
  });

  describe("required", function () {
    it("gives the value, false and zero included, or says what is missing", async function () {
      expect(required({ modelPath: "x" }, "modelPath")).to.equal("x");
      expect(required({ dryRun: false }, "dryRun")).to.equal(false);
      expect(await errorCode(() => required({}, "modelPath"))).to.equal("OPTION_MISSING");
    });
  });

  describe("OPTIONS", function () {
    it("names each variable once, and each flag once a verb, and describes it", function () {
      const declarations = Object.values(OPTIONS);
      for (const verb of VERBS) {
        const flags = namesOf(verb).map((name) => OPTIONS[name].flag);
        expect(new Set(flags).size, verb.name).to.equal(flags.length);
      }
      expect(new Set(declarations.map(({ environment }) => environment)).size).to.equal(declarations.length);
      for (const { flag, environment, description } of declarations) {
        expect(flag).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        expect(environment).to.match(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
        expect(description).to.not.equal("");
      }
    });
  });

  describe("toPublishRequest", function () {
    it("passes on what was given and nothing else", function () {
      const options = readEnvironment(["modelPath", ...RECORD_OPTIONS], {
        MODEL_PATH: "m",
        BASE_MODELS: "a,b",
        ROYALTY_BPS: "0",
        RELATION: "merge",
      });
      expect(toPublishRequest(options, ADDRESS)).to.deep.equal({
        modelPath: "m",
        statements: {
          relation: "merge",
          baseModels: [{ uri: "a" }, { uri: "b" }],
          royalty: { receiver: ADDRESS, basisPoints: 0 },
        },
      });
    });

    it("needs a model", async function () {
      expect(await errorCode(() => toPublishRequest({}, ADDRESS))).to.equal("OPTION_MISSING");
    });
  });

  describe(".env.example", function () {
    it("is what the declarations say (npm run make:env writes it), and sets nothing", async function () {
      const text = await readFile(ENVIRONMENT_EXAMPLE, "utf8");
      expect(text).to.equal(writeEnvironmentExample());
      expect(text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"))).to.deep.equal([]);
    });

    it("names every option and every variable of the configuration once", function () {
      const named = [...writeEnvironmentExample().matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
      const { networks, verify } = config;
      const variables = [...configurationVariables({ networks, verify })];
      expect(variables).to.include.members(["SEPOLIA_RPC_URL", "SEPOLIA_PRIVATE_KEY", "ETHERSCAN_API_KEY"]);
      const wanted = new Set([...Object.values(OPTIONS).map(({ environment }) => environment), ...variables]);
      expect(named).to.include.members([...wanted]);
      expect(new Set(named).size).to.equal(named.length);
    });

    it("begins with variables whose examples are taken", function () {
      const examples = writeEnvironmentExample().matchAll(/^# ([A-Z][A-Z0-9_]*)=(\S.*)$/gm);
      const pairs = [...examples].map(([, name = "", value = ""]) => [name, value] as const);
      const environment: Record<string, string> = Object.fromEntries(pairs);
      expect(Object.keys(environment)).to.include.members(["RPC_URL", "MODEL_PROVENANCE_ADDRESS", "STORE"]);
      expect(Object.keys(read(environment)).length).to.equal(Object.keys(environment).length);
    });
  });
});

/** The names of all configuration variables below a value. */
function* configurationVariables(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  const { _type: type, name } = value as { _type?: unknown; name?: unknown };
  if (type === "ConfigurationVariable" && typeof name === "string") yield name;
  else for (const entry of Object.values(value)) yield* configurationVariables(entry);
}

import { expect } from "chai";
import fc from "fast-check";
import { readArguments } from "../../../src/cli/arguments.ts";
import { declarationOf, sourcesOf } from "../../../src/cli/options.ts";
import { onlyEnvironment } from "../../../src/cli/settings.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";
import { optionsOf } from "../../../src/cli/verb.ts";
import { VERBS } from "../../../src/cli/verbs.ts";
import { errorCode } from "../../helpers/error-code.ts";

const verbOf = (name: string) => VERBS.find((verb) => verb.name === name) ?? expect.fail(name);
const read = (name: string, args: readonly string[], environment: Record<string, string> = {}) =>
  readArguments(verbOf(name), args, onlyEnvironment(environment));

describe("readArguments", function () {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9./#@ -]{0,6}[a-z0-9]$/), { minLength: 1, maxLength: 5 });

  it("reads a list alike by commas, by repetition, and from its variable", function () {
    const lists = VERBS.flatMap((verb) => optionsOf(verb).map((name) => ({ verb, name })));
    const plain = lists.filter(({ name }) => declarationOf(name).kind === "list" && !isOfOwnForm(name));
    expect(plain.length).to.be.greaterThan(20);
    fc.assert(
      fc.property(names, fc.constantFrom(...plain), (values, { verb, name }) => {
        const { flag, environment } = declarationOf(name);
        const wanted = values.map((value) => value.trim());
        const joined = `--${flag}=${values.join(",")}`;
        expect(read(verb.name, [joined])[name]).to.deep.equal(wanted);
        expect(
          read(
            verb.name,
            values.map((value) => `--${flag}=${value}`),
          )[name],
        ).to.deep.equal(wanted);
        expect(read(verb.name, [], { [environment]: values.join(",") })[name]).to.deep.equal(wanted);
      }),
    );
  });

  it("reads lists of values in a form of their own in the same way", function () {
    const metrics = [
      { name: "accuracy", value: 0.9 },
      { name: "f1", value: 0.8 },
    ];
    expect(read("publish", ["m", "--metrics", "accuracy=0.9,f1=0.8"]).metrics).to.deep.equal(metrics);
    expect(read("publish", ["m", "--metrics", "accuracy=0.9", "--metrics", "f1=0.8"]).metrics).to.deep.equal(metrics);
    expect(read("publish", ["m", "--store", "pinata", "--store", "psa"]).store).to.deep.equal(["pinata", "psa"]);
  });

  it("takes a comma that belongs to a name with a backslash before it", function () {
    expect(read("verify", ["m", "--only", "a\\,b.txt,c"]).only).to.deep.equal(["a,b.txt", "c"]);
  });

  it("takes what has a place by its flag as well, but not both", async function () {
    expect(read("export pack", ["7", "--out", "pack.json"])).to.include({ tokenId: "7", outputPath: "pack.json" });
    expect(read("export pack", ["7", "pack.json"])).to.include({ tokenId: "7", outputPath: "pack.json" });
    expect(read("status set", ["--token", "7", "--status", "revoked"])).to.include({ newStatus: "revoked" });
    expect(await errorCode(() => read("verify", ["./a", "--model", "./b"]))).to.equal("OPTION_INVALID");
  });

  it("names the nearest flag, and says where to look", function () {
    const error = failureOf(() => read("verify", ["m", "--registires", "x"]));
    expect(error).to.be.instanceOf(UsageError);
    expect((error as UsageError).message).to.equal("verify has no option --registires.");
    expect((error as UsageError).hints).to.deep.equal([
      "Did you mean --registries?",
      "Run model-provenance verify --help to see what is taken.",
    ]);
  });

  it("names the flag where it was typed, and the variable where that was set", function () {
    expect(failureOf(() => read("verify", ["m", "--chain-id", "x"])).message).to.match(/^--chain-id takes/);
    expect(failureOf(() => read("verify", ["m"], { CHAIN_ID: "x" })).message).to.match(/^CHAIN_ID takes/);
    const fromFile = { ...onlyEnvironment({ CHAIN_ID: "x" }), sourceOf: () => ".env" as const };
    expect(failureOf(() => readArguments(verbOf("verify"), ["m"], fromFile)).message).to.match(
      /^CHAIN_ID in \.env takes/,
    );
  });

  it("knows of each value where it came from", function () {
    const options = read("verify", ["m", "--json", "--chain-id", "1"], { RPC_URL: "https://x", CHAIN_ID: "2" });
    expect(sourcesOf(options)).to.deep.equal({
      modelPath: "argument",
      format: "flag",
      chainId: "flag",
      rpcUrl: "variable",
    });
    expect(sourcesOf({ ...options })).to.equal(sourcesOf(options));
  });
});

function isOfOwnForm(name: string): boolean {
  return ["metrics", "store", "psaOrigins"].includes(name);
}

function failureOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  return expect.fail("nothing was refused");
}

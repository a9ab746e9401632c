import { execFileSync, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { SHELLS, writeCompletion } from "../../../src/cli/completion.ts";
import { OPTIONS } from "../../../src/cli/options.ts";
import type { OptionDeclaration } from "../../../src/base/option.ts";
import { VERBS } from "../../../src/cli/verbs.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("completion", function () {
  const temporary = useTemporaryFolder();

  /** What bash offers after some words; the last one is not finished. */
  async function complete(...words: string[]): Promise<string[]> {
    const script = temporary.path("completion.bash");
    await writeFile(
      script,
      `${writeCompletion("bash")}
COMP_WORDS=(${["model-provenance", ...words].map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_model_provenance
printf '%s\\n' "\${COMPREPLY[@]}"
`,
    );
    const output = execFileSync("bash", ["--norc", script], { encoding: "utf8", cwd: temporary.path() });
    return output.split("\n").filter((line) => line !== "");
  }

  it("offers every verb, also the second word of those that have two", async function () {
    expect(await complete("")).to.include.members([...new Set(VERBS.map(({ name }) => name.split(" ")[0]))]);
    expect(await complete("ver")).to.deep.equal(["verify"]);
    expect(await complete("oms", "")).to.include.members(["sign", "verify"]);
    expect(await complete("export", "p")).to.include("pack"); // export is a verb by itself, too
  });

  it("offers every option of a verb, and no secret", async function () {
    for (const { name, options } of VERBS) {
      const offered = await complete(...name.split(" "), "--");
      for (const option of options) {
        const { flag, secret }: OptionDeclaration<unknown> = OPTIONS[option];
        expect(offered.includes(`--${flag}`), `${name} --${flag}`).to.equal(secret !== true);
      }
    }
  });

  it("offers the values of those that take one of a few, and files else", async function () {
    expect(await complete("verify", "x", "--format", "j")).to.have.members(["json", "junit"]);
    expect(await complete("hash", "x", "--format", "")).to.have.members(["human", "json"]);
    expect(await complete("completion", "")).to.have.members([...SHELLS]);
    await temporary.write(".", { "model.gguf": "" });
    expect(await complete("hash", "model")).to.deep.equal(["model.gguf"]);
  });

  it("is read by every shell that is installed", async function () {
    for (const shell of SHELLS) {
      const path = temporary.path(`completion.${shell}`);
      await writeFile(path, writeCompletion(shell));
      const { error, status, stderr } = spawnSync(shell, ["-n", path], { encoding: "utf8" });
      if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") continue;
      expect(status, stderr).to.equal(0);
    }
  });
});

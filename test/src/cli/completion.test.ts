import { execFileSync, spawnSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { completeWords } from "../../../src/cli/complete.ts";
import { declarationOf } from "../../../src/cli/options.ts";
import { SHELLS } from "../../../src/cli/options/setup.ts";
import { runCompletion } from "../../../src/cli/run/completion.ts";
import { optionsOf } from "../../../src/cli/verb.ts";
import { VERBS } from "../../../src/cli/verbs.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const BIN = fileURLToPath(new URL("../../../src/cli/bin.ts", import.meta.url));

describe("completion", function () {
  const temporary = useTemporaryFolder();

  it("offers every verb, also the second word of those that have two", function () {
    expect(completeWords([""])).to.include.members([...new Set(VERBS.map(({ name }) => name.split(" ")[0]))]);
    expect(completeWords(["ver"])).to.deep.equal(["verify"]);
    expect(completeWords(["oms", ""])).to.include.members(["sign", "verify"]);
    expect(completeWords(["status", "set-"])).to.deep.equal(["set-batch"]);
    expect(completeWords(["export", "p"])).to.include("pack"); // export is a verb by itself, too
  });

  it("offers every option of a verb, and no secret", function () {
    for (const verb of VERBS) {
      const offered = completeWords([...verb.name.split(" "), "--"]);
      for (const option of optionsOf(verb)) {
        const { flag, secret } = declarationOf(option);
        expect(offered.includes(`--${flag}`), `${verb.name} --${flag}`).to.equal(secret !== true);
      }
    }
  });

  it("offers the values of those that take one of a few, and asks for files else", function () {
    expect(completeWords(["verify", "x", "--format", "j"])).to.have.members(["json", "junit"]);
    expect(completeWords(["hash", "x", "--format", ""])).to.have.members(["human", "json"]);
    expect(completeWords(["completion", ""])).to.have.members([...SHELLS]);
    expect(completeWords(["roles", "grant", "c"])).to.deep.equal(["curator"]);
    expect(completeWords(["publish", "x", "--relation", "me"])).to.deep.equal(["merge"]);
    expect(completeWords(["hash", "model"])).to.deep.equal(["-"]);
  });

  /** What bash offers after some words; the last one is not finished. */
  async function complete(...words: string[]): Promise<string[]> {
    const { terminal, printed } = recordingTerminal();
    await runCompletion({ shell: "bash" }, terminal);
    const [script, command] = [temporary.path("completion.bash"), temporary.path("model-provenance")];
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
    await chmod(command, 0o755);
    await writeFile(
      script,
      `${printed.join("\n")}
COMP_WORDS=(${["model-provenance", ...words].map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_model_provenance
printf '%s\\n' "\${COMPREPLY[@]}"
`,
    );
    const env = { ...process.env, PATH: `${temporary.path()}:${process.env["PATH"]}` };
    const output = execFileSync("bash", ["--norc", script], { encoding: "utf8", cwd: temporary.path(), env });
    return output.split("\n").filter((line) => line !== "");
  }

  it("answers bash, which adds the names of files", async function () {
    expect(await complete("ver")).to.deep.equal(["verify"]);
    expect(await complete("status", "set", "x", "--dry")).to.deep.equal(["--dry-run"]);
    await temporary.write(".", { "model.gguf": "" });
    expect(await complete("hash", "model.")).to.deep.equal(["model.gguf"]);
  });

  it("is read by every shell that is installed", async function () {
    for (const shell of SHELLS) {
      const { terminal, printed } = recordingTerminal();
      await runCompletion({ shell }, terminal);
      const path = join(temporary.path(), `completion.${shell}`);
      await writeFile(path, printed.join("\n"));
      const { error, status, stderr } = spawnSync(shell, ["-n", path], { encoding: "utf8" });
      if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") continue;
      expect(status, stderr).to.equal(0);
    }
  });
});

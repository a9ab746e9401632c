import { execFileSync } from "node:child_process";
import { readFile, rename, writeFile } from "node:fs/promises";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "chai";
import { REPORT_FORMATS } from "../../../src/cli/report/print-verdict.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { type VerifyRun, setUpVerify } from "../../helpers/verify-command.ts";
import { parseSimpleXml } from "../../helpers/xml.ts";

// Whatever says that something is as it should be.
const SUCCESS = /\bverified\b|PASSED|VERIFIED|_RECORDED/;
const NAMES = { "README.md": "a", "w.bin": "weights", "sub/100% ,:\n::error::x|`<b>.txt": "odd name" };

type Scene = "verified" | "mismatch" | "not-registered" | "unchecked" | "unacceptable";
const EXIT_CODES: Record<Scene, number> = {
  verified: 0,
  mismatch: 1,
  "not-registered": 3,
  unchecked: 4,
  unacceptable: 5,
};

describe("forms of a verdict", function () {
  const temporary = useTemporaryFolder();

  /** Verifies a model of which a scene is true. */
  async function play(scene: Scene, environment: Record<string, string> = {}): Promise<VerifyRun> {
    const { record, verify, registry } = await setUpVerify(temporary);
    const modelPath = await temporary.write("model", NAMES);
    const common = { MODEL_PATH: modelPath, ...environment };
    if (scene === "not-registered") return verify(common);
    const tokenId = await record({ modelPath, statements: { version: "1.0.0" } });
    if (scene === "unacceptable") await registry.contract.setStatus(tokenId, 2n, "broken");
    if (scene === "unchecked") {
      // A single file under another name can be compared by the metadata only.
      const file = `${await temporary.write("single", { "one.bin": "1" })}/one.bin`;
      await record({ modelPath: file, statements: {} });
      await rename(file, `${file}.renamed`);
      return verify({ ...common, MODEL_PATH: `${file}.renamed`, STORE_PATH: temporary.path("empty") });
    }
    if (scene === "mismatch") {
      await writeFile(`${modelPath}/w.bin`, "changed");
      return verify({ ...common, TOKEN_ID: tokenId });
    }
    return verify(common);
  }

  for (const [scene, exitCode] of Object.entries(EXIT_CODES) as [Scene, number][]) {
    for (const format of REPORT_FORMATS) {
      it(`${format}: ${scene} ends with ${exitCode}${exitCode === 0 ? "" : ", without a word of success"}`, async function () {
        const result = await play(scene, { OUTPUT_FORMAT: format });
        expect(result.exitCode).to.equal(exitCode);
        const said = `${result.stdout}\n${result.stderr}`;
        if (exitCode !== 0) expect(said).to.not.match(SUCCESS);
        else if (format !== "quiet" && format !== "sha256sum" && format !== "junit") expect(said).to.match(SUCCESS);
      });
    }
  }

  describe("json", function () {
    const schemaFile = new URL("../../../schema/verify-report.schema.json", import.meta.url);
    let validate: ValidateFunction;

    before(async function () {
      validate = new Ajv2020({ strict: true }).compile(JSON.parse(await readFile(schemaFile, "utf8")) as object);
    });

    it("has the published schema, whatever the verdict", async function () {
      for (const scene of Object.keys(EXIT_CODES) as Scene[]) {
        const { stdout } = await play(scene, { OUTPUT_FORMAT: "json" });
        const document = JSON.parse(stdout) as object;
        expect(validate(document), JSON.stringify(validate.errors)).to.equal(true);
        expect(document).to.include({ schemaVersion: "1.0", verdict: scene, exitCode: EXIT_CODES[scene] });
      }
    });

    it("is refused by the schema with a key more", async function () {
      const { stdout } = await play("verified", { OUTPUT_FORMAT: "json" });
      expect(validate({ ...(JSON.parse(stdout) as object), more: 1 })).to.equal(false);
    });
  });

  describe("github", function () {
    it("writes one command a line, whatever a file is called", async function () {
      const { stdout } = await play("mismatch", { OUTPUT_FORMAT: "github" });
      const lines = stdout.split("\n");
      expect(lines.length).to.be.greaterThan(1);
      for (const line of lines) expect(line).to.match(/^::(error|warning|notice) [^:]*::/);
      expect(lines.at(-1)).to.match(/^::error title=MISMATCH::/);
    });

    it("escapes what ends a value or a command", async function () {
      const { verify, record } = await setUpVerify(temporary);
      const modelPath = await temporary.write("odd", NAMES);
      const tokenId = await record({ modelPath, statements: {} });
      for (const name of Object.keys(NAMES)) await writeFile(`${modelPath}/${name}`, "changed");
      const { stdout } = await verify({ MODEL_PATH: modelPath, TOKEN_ID: tokenId, OUTPUT_FORMAT: "github" });
      expect(stdout).to.include("100%25 %2C%3A%0A%3A%3Aerror%3A%3Ax|`<b>.txt");
      expect(stdout.split("\n")).to.have.length(stdout.split("\n::").length);
    });

    it("adds a table to the step's summary and sets its outputs", async function () {
      const [summary, output] = [temporary.path("summary.md"), temporary.path("output")];
      const { stdout } = await play("verified", {
        OUTPUT_FORMAT: "github",
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: output,
      });
      expect(stdout.split("\n").at(-1)).to.match(/^::notice title=VERIFIED::/);
      const text = await readFile(summary, "utf8");
      expect(text).to.match(/^### VERIFIED/);
      expect(text).to.include("| file | status |");
      // A name of four lines, a pipe and HTML stays in its cell.
      const row = text.split("\n").find((line) => line.includes("&#60;b&#62;")) ?? "";
      expect(row.match(/\|/g)).to.have.length(5);
      expect(text).to.not.include("<b>");
      const outputs = await readFile(output, "utf8");
      expect(outputs).to.match(/^verdict<<(\S+)\nverified\n\1\nexit-code<<(\S+)\n0\n\2\n/);
    });
  });

  describe("sha256sum", function () {
    it("is what sha256sum -c reads, odd names included", async function () {
      const { stdout } = await play("verified", { OUTPUT_FORMAT: "sha256sum" });
      const sums = temporary.path("SHA256SUMS");
      await writeFile(sums, `${stdout}\n`);
      const output = execFileSync("sha256sum", ["-c", "--strict", sums], {
        cwd: temporary.path("model"),
        encoding: "utf8",
      });
      expect(output.match(/: OK/g)).to.have.length(Object.keys(NAMES).length);
    });

    it("is empty unless all files are as recorded", async function () {
      expect(await play("mismatch", { OUTPUT_FORMAT: "sha256sum" })).to.include({ stdout: "" });
    });
  });

  describe("quiet", function () {
    it("prints nothing as a result", async function () {
      for (const scene of Object.keys(EXIT_CODES) as Scene[]) {
        const { stdout, stderr } = await play(scene, { OUTPUT_FORMAT: "quiet" });
        expect(stdout).to.equal("");
        if (scene !== "verified") expect(stderr).to.not.equal("");
      }
    });
  });

  describe("vsa", function () {
    it("is an in-toto statement about the files", async function () {
      const { stdout } = await play("verified", { OUTPUT_FORMAT: "vsa" });
      const { _type, subject, predicateType, predicate } = JSON.parse(stdout) as {
        _type: string;
        subject: { name: string; digest: { sha256: string } }[];
        predicateType: string;
        predicate: Record<string, unknown>;
      };
      expect({ _type, predicateType }).to.deep.equal({
        _type: "https://in-toto.io/Statement/v1",
        predicateType: "https://slsa.dev/verification_summary/v1",
      });
      expect(subject.map(({ name }) => name)).to.have.members(Object.keys(NAMES));
      for (const { digest } of subject) expect(digest.sha256).to.match(/^[0-9a-f]{64}$/);
      expect(predicate).to.include({ verificationResult: "PASSED" });
      expect(predicate["resourceUri"]).to.match(/^eip155:31337:0x\w{40}\/0x[0-9a-f]{64}$/);
      expect(predicate["timeVerified"]).to.match(/^\d{4}-\d\d-\d\dT/);
    });

    it("says FAILED in every way there is", async function () {
      for (const scene of ["mismatch", "not-registered", "unchecked", "unacceptable"] as const) {
        const { predicate } = JSON.parse((await play(scene, { OUTPUT_FORMAT: "vsa" })).stdout) as {
          predicate: object;
        };
        expect(predicate).to.deep.include({ verificationResult: "FAILED", verifiedLevels: ["FAILED"] });
      }
    });
  });

  describe("junit", function () {
    it("has a case for each file, for each check and for the verdict, in XML", async function () {
      for (const scene of ["verified", "mismatch"] as const) {
        const { stdout } = await play(scene, { OUTPUT_FORMAT: "junit" });
        const [declaration, ...rest] = stdout.split("\n");
        expect(declaration).to.match(/^<\?xml /);
        parseSimpleXml(rest.join("\n"));
        const suite = Object.fromEntries(
          [...(/<testsuite ([^>]*)>/.exec(stdout)?.[1] ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [
            key,
            value,
          ]),
        ) as Record<string, string>;
        const cases = [...stdout.matchAll(/<testcase /g)].length;
        expect(Number(suite["tests"])).to.equal(cases);
        expect(Number(suite["failures"])).to.equal([...stdout.matchAll(/<failure /g)].length);
        expect(Number(suite["failures"]) === 0).to.equal(scene === "verified");
      }
    });
  });
});

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { bytesSource } from "../../src/model/formats/byte-source.ts";
import { fileSource } from "../../src/model/formats/file-source.ts";
import { describeFormats } from "../../src/model/formats/describe-formats.ts";
import { GGUF_FILE_TYPES, GGUF_TYPES, ONNX_TYPES, SAFETENSORS_BITS } from "../../src/model/formats/dtypes.ts";
import { readGguf } from "../../src/model/formats/gguf.ts";
import { readOnnx } from "../../src/model/formats/onnx.ts";
import { findUnsafeSerialization } from "../../src/model/formats/unsafe-serialization.ts";

const SCRIPT = join(import.meta.dirname, "official_readers.py");

/** What a package says; undefined, with the reason on the terminal, where it is not installed. */
function ask<T>(name: string, input = ""): T | undefined {
  const { status, stdout, stderr, error } = spawnSync("python3", ["-B", SCRIPT, name], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return JSON.parse(stdout) as T;
  const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? "";
  if (error === undefined && !reason.startsWith("missing: ")) throw new Error(stderr);
  console.log(`    skipped: python3 has no ${name} (${reason})`);
  return undefined;
}

interface ReadFile<Type> {
  readonly path: string;
  readonly tensors: [name: string, type: Type, shape: number[]][];
}

describe("the official readers", function () {
  this.timeout(120_000);

  it("of GGUF know the same types and file types, and read the same tensors", async function () {
    interface Answer {
      readonly types: Record<string, [string, number, number]>;
      readonly fileTypes: Record<string, string>;
      readonly files: ReadFile<string>[];
    }
    const said = ask<Answer>("gguf");
    if (said === undefined) return this.skip();
    // ggml's own block has 36 bytes (block_q8_1); the package counts its two half floats as whole ones.
    expect({ ...GGUF_TYPES, 9: ["Q8_1", 32, 40] }).to.deep.equal(said.types);
    const { 1024: _guessed, ...fileTypes } = said.fileTypes;
    const named = Object.entries(fileTypes).map(([number, name]) => [number, name.replace(/^(MOSTLY|ALL)_/, "")]);
    expect(GGUF_FILE_TYPES).to.deep.equal(Object.fromEntries(named));
    for (const { path, tensors } of said.files) {
      const read = await readGguf("m.gguf", bytesSource(readFileSync(path)));
      expect(read.tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).to.deep.equal(tensors);
    }
  });

  it("of ONNX know the same types, and read the same initializers in every model that they ship", async function () {
    const said = ask<{ types: Record<string, number>; files: ReadFile<number>[] }>("onnx");
    if (said === undefined) return this.skip();
    const numbers = Object.values(said.types).filter((number) => number !== 0);
    expect(Object.keys(ONNX_TYPES).map(Number)).to.have.members(numbers);
    expect(said.files).to.have.length.above(100);
    for (const { path, tensors } of said.files) {
      const { initializers } = await readOnnx("m.onnx", bytesSource(readFileSync(path)));
      const expected = tensors.map(([name, type, shape]) => [name, ONNX_TYPES[type]?.[0], shape]);
      expect(
        initializers.map(({ name, dtype, shape }) => [name, dtype, shape]),
        path,
      ).to.deep.equal(expected);
      const files = [fileSource(basename(path), path)];
      const { parameters, unsafeSerialization } = await describeFormats(files);
      const total = tensors.reduce((sum, [, , shape]) => sum + shape.reduce((product, n) => product * n, 1), 0);
      expect(parameters?.total ?? 0, path).to.equal(total);
      expect(unsafeSerialization, path).to.deep.equal([]);
    }
  });

  it("of safetensors know the same dtypes, with as many bits", function () {
    const bits = { ...SAFETENSORS_BITS, F99: 8 };
    const said = ask<{ known: Record<string, boolean> }>("safetensors", JSON.stringify(bits));
    if (said === undefined) return this.skip();
    const expected = Object.keys(bits).map((dtype) => [dtype, dtype !== "F99"]);
    expect(said.known).to.deep.equal(Object.fromEntries(expected));
  });

  it("of small numbers have as many bits", function () {
    const said = ask<{ bits: Record<string, number> }>("ml_dtypes");
    if (said === undefined) return this.skip();
    const onnx = new Map(Object.values(ONNX_TYPES));
    const nameOf = (name: string) =>
      name
        .replace("bfloat", "BF")
        .replace("float8_e8m0fnu", "F8_E8M0")
        .replace("float4_e2m1fn", "F4")
        .replace("float", "F")
        .replace(/fn$/, "")
        .replace("uint", "U")
        .replace("int", "I")
        .toUpperCase();
    for (const [name, bits] of Object.entries(said.bits)) expect(onnx.get(nameOf(name)), name).to.equal(bits);
  });

  it("of NumPy refuse as pickles what is said to run code, and nothing else", async function () {
    const said = ask<{ plain: Record<string, boolean> }>("numpy");
    if (said === undefined) return this.skip();
    for (const [path, isPlain] of Object.entries(said.plain)) {
      const found = await findUnsafeSerialization([fileSource(basename(path), path)]);
      expect(found.length === 0, path).to.equal(isPlain);
    }
  });
});

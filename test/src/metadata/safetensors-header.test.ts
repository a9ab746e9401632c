import { expect } from "chai";
import { countSafetensorsParameters } from "../../../src/metadata/safetensors-header.ts";
import { createSafetensors } from "../../helpers/safetensors.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const tensor = (dtype: string, shape: unknown, ...offsets: unknown[]) => ({ dtype, shape, data_offsets: offsets });

describe("countSafetensorsParameters", function () {
  const temporary = useTemporaryFolder();

  async function count(...files: Uint8Array[]) {
    const folder = await temporary.write("model", Object.fromEntries(files.map((bytes, i) => [`${i}`, bytes])));
    const warnings: string[] = [];
    const paths = files.map((_, i) => `${folder}/${i}`);
    return { parameters: await countSafetensorsParameters(paths, (text) => warnings.push(text)), warnings };
  }

  it("counts by dtype over all files", async function () {
    const first = createSafetensors(
      { __metadata__: { format: "pt" }, a: tensor("F32", [2, 3], 0, 24), b: tensor("I64", [], 24, 32) },
      32,
    );
    const second = createSafetensors({ c: tensor("F32", [5], 0, 20), d: tensor("F8_E4M3", [0, 7], 20, 20) }, 20);
    const { parameters, warnings } = await count(first, second);
    expect(parameters).to.deep.equal({ total: 12, byDtype: { F32: 11, I64: 1, F8_E4M3: 0 } });
    expect(warnings).to.deep.equal([]);
  });

  it("counts nothing, without a warning, when there is no file", async function () {
    expect(await count()).to.deep.equal({ parameters: undefined, warnings: [] });
  });

  it("takes a header padded with blanks", async function () {
    const { parameters } = await count(createSafetensors(`${JSON.stringify({ a: tensor("U8", [4], 0, 4) })}   `, 4));
    expect(parameters?.total).to.equal(4);
  });

  const lengthOf = (length: bigint) => {
    const bytes = createSafetensors({ a: tensor("U8", [4], 0, 4) }, 4);
    bytes.writeBigUInt64LE(length);
    return bytes;
  };
  const shape = [2 ** 30, 2 ** 30, 2 ** 30];
  const hostile: Record<string, Buffer> = {
    "an empty file": Buffer.alloc(0),
    "a file shorter than the length": Buffer.from([2, 0, 0]),
    "a header of 2^63 bytes": lengthOf(2n ** 63n),
    "a header of 2^64 - 1 bytes": lengthOf(2n ** 64n - 1n),
    "a header of 100 MB": lengthOf(100_000_000n),
    "a header that ends behind the file": lengthOf(1000n),
    "a header of no bytes": lengthOf(0n),
    "a header cut short": lengthOf(10n),
    "a header that is no object": createSafetensors([], 4),
    "a header nested too deep": createSafetensors(`{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`, 4),
    "a tensor that is no object": createSafetensors({ a: 1 }, 4),
    "a tensor behind the file": createSafetensors({ a: tensor("U8", [5], 0, 5) }, 4),
    "a tensor that ends before it begins": createSafetensors({ a: tensor("U8", [1], 3, 2) }, 4),
    "a tensor before the data": createSafetensors({ a: tensor("U8", [5], -1, 4) }, 4),
    "a tensor without an end": createSafetensors({ a: tensor("U8", [4], 0) }, 4),
    "a tensor of broken offsets": createSafetensors({ a: tensor("U8", [4], 0, 3.5) }, 4),
    "a negative dimension": createSafetensors({ a: tensor("U8", [-4], 0, 4) }, 4),
    "a dimension that is no number": createSafetensors({ a: tensor("U8", ["4"], 0, 4) }, 4),
    "a shape of a thousand dimensions": createSafetensors({ a: tensor("U8", Array(1000).fill(1), 0, 4) }, 4),
    "a dtype that is none": createSafetensors({ a: tensor("<b>", [4], 0, 4) }, 4),
    "more parameters than can be counted": createSafetensors({ a: tensor("U8", shape, 0, 4) }, 4),
    "dimensions whose product is no number": createSafetensors(
      { a: tensor("U8", [...Array(12).fill(shape).flat(), 0], 0, 4) },
      4,
    ),
  };
  for (const [what, bytes] of Object.entries(hostile)) {
    it(`warns and counts nothing: ${what}`, async function () {
      const whole = createSafetensors({ a: tensor("U8", [4], 0, 4) }, 4);
      const { parameters, warnings } = await count(whole, bytes);
      expect(parameters).to.equal(undefined);
      expect(warnings).to.have.lengthOf(1);
    });
  }

  it("warns and counts nothing when a file is gone", async function () {
    const warnings: string[] = [];
    expect(await countSafetensorsParameters([temporary.path("nothing")], (text) => warnings.push(text))).to.equal(
      undefined,
    );
    expect(warnings).to.have.lengthOf(1);
  });
});

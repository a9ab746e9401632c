import { expect } from "chai";
import fc from "fast-check";
import { describeFormats } from "../../../../src/model/formats/describe-formats.ts";
import { digestFileTensors } from "../../../../src/model/tensors/tensor-digest.ts";
import { digestTensors } from "../../../../src/model/tensors/digest-tensors.ts";
import { cutTensors } from "../../../../src/model/tensors/tensor-pieces.ts";
import { writeSafetensors } from "../../../helpers/write-safetensors.ts";
import { type ModelFiles, memorySource, toSources } from "../../../helpers/model-vectors.ts";

const MIB = 1024 * 1024;

async function rootOf(files: ModelFiles) {
  const sources = toSources(files);
  return (await digestTensors(sources, await describeFormats(sources)))?.root;
}

describe("digestTensors", function () {
  it("gives the same root however tensors are spread over files and ordered in them", async function () {
    const tensor = fc.record({
      dtype: fc.constantFrom("U8", "I8", "BOOL"),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
      seed: fc.nat(255),
      shard: fc.nat(2),
      rank: fc.nat(),
    });
    const models = fc.dictionary(fc.string({ minLength: 1 }), tensor, {
      minKeys: 1,
      maxKeys: 8,
      noNullPrototype: true,
    });
    const property = fc.asyncProperty(models, async (model) => {
      const named = Object.entries(model).filter(([name]) => name !== "__metadata__");
      fc.pre(named.length > 0);
      const list = named.map(([name, { dtype, shape, seed, shard, rank }]) => {
        const size = shape.reduce((product, dimension) => product * dimension, 1);
        return { name, dtype, shape, data: Buffer.alloc(size, seed), shard, rank };
      });
      const shuffled = list.toSorted((a, b) => a.rank - b.rank);
      const shards = Map.groupBy(shuffled, ({ shard }) => `model-${shard}.safetensors`);
      const sharded = [...shards].map(([name, tensors]) => [name, writeSafetensors(tensors)] as const);
      const single = await rootOf({ "model.safetensors": writeSafetensors(list) });
      expect(await rootOf(Object.fromEntries(sharded))).to.equal(single);
    });
    await fc.assert(property, { numRuns: 300, seed: 3 });
  });

  it("digests tensors that cross the pieces in which a file is read", async function () {
    const sizes = [3 * MIB, 1, 0, 5 * MIB + 7, 4 * MIB, 9 * MIB - 8];
    const tensors = sizes.map((size, i) => ({
      name: `t${i}`,
      dtype: "U8",
      shape: [size],
      data: Buffer.alloc(size, `${i}abcdefg`),
    }));
    const whole = writeSafetensors(tensors);
    const apart = Object.fromEntries(
      tensors.map((tensor) => [`${tensor.name}.safetensors`, writeSafetensors([tensor])]),
    );
    expect(await rootOf(apart)).to.equal(await rootOf({ "model.safetensors": whole }));
  });

  it("fails with MODEL_CHANGED when the file became shorter", async function () {
    const place = { file: "m", offset: 0, length: 10 };
    const tensor = { name: "a", dtype: "U8", shape: [10], elements: 10, place };
    const file = { name: "m", open: () => Promise.resolve(memorySource(Buffer.alloc(4))) };
    const failure = await digestFileTensors(file, cutTensors([tensor])).catch((error: { code: string }) => error.code);
    expect(failure).to.equal("MODEL_CHANGED");
  });
});

import { expect } from "chai";
import { RELATIONS, type Relation } from "../../../../src/model/relation.ts";
import { compareTensors } from "../../../../src/model/tensors/compare-tensors.ts";
import { contradictsRelation } from "../../../../src/model/tensors/contradiction.ts";
import type { TensorSet } from "../../../../src/model/tensors/digest-tensors.ts";
import type { TensorVerdict } from "../../../../src/model/tensors/verdict.ts";

/** Tensors as `name: [dtype, shape, content]`: the content stands for the data in the digest. */
type Tensors = Record<string, readonly [dtype: string, shape: readonly number[], content: string]>;

function setOf(tensors: Tensors, format: TensorSet["format"] = "safetensors"): TensorSet {
  const list = Object.entries(tensors).map(([name, [dtype, shape, content]]) => ({
    name,
    dtype,
    shape,
    elements: shape.reduce((product, dimension) => product * dimension, 1),
    digest: `0x${Buffer.from(`${dtype} ${shape.join()} ${content}`).toString("hex")}` as const,
  }));
  return { format, root: "0x00", tensors: list };
}

const base: Tensors = {
  "embed.weight": ["F32", [100, 8], "embedding"],
  "layer.0.q.weight": ["F32", [8, 8], "q"],
  "layer.0.up.weight": ["F32", [64, 8], "up"],
  "norm.weight": ["F32", [8], "ones"],
  "head.weight": ["F32", [2, 8], "head"],
};

/** Changes tensors of the base: another content, or another tensor altogether; undefined takes one away. */
function changed(changes: Record<string, Tensors[string] | string | undefined>): Tensors {
  const copy: Tensors = { ...base };
  for (const [name, change] of Object.entries(changes)) {
    if (change === undefined) delete copy[name];
    else copy[name] = typeof change === "string" ? [copy[name]?.[0] ?? "F32", copy[name]?.[1] ?? [1], change] : change;
  }
  return copy;
}

function mapped(map: (name: string, tensor: Tensors[string]) => [string, Tensors[string]]): Tensors {
  return Object.fromEntries(Object.entries(base).map(([name, tensor]) => map(name, tensor)));
}

describe("compareTensors", function () {
  const cases: [what: string, child: TensorSet, verdict: TensorVerdict][] = [
    ["the same tensors", setOf(base), "identical"],
    ["the same tensors under other names", setOf(mapped((name, tensor) => [`model.${name}`, tensor])), "identical"],
    ["one tensor with other values", setOf(changed({ "layer.0.q.weight": "tuned" })), "fine-tune"],
    [
      "all tensors with other values",
      setOf(mapped((name, [dtype, shape]) => [name, [dtype, shape, "new"]])),
      "fine-tune",
    ],
    [
      "tuned tensors and another head",
      setOf(changed({ "embed.weight": "tuned", "head.weight": undefined, "score.weight": ["F32", [5, 8], "score"] })),
      "fine-tune",
    ],
    [
      "low-rank tensors alone",
      setOf({
        "base_model.model.layer.0.q.lora_A.weight": ["F32", [2, 8], "a"],
        "base_model.model.layer.0.q.lora_B.weight": ["F32", [8, 2], "b"],
      }),
      "adapter",
    ],
    ["a small part with other names", setOf({ bottleneck: ["F32", [4, 8], "small"] }), "adapter"],
    ["eight-bit integers", setOf(mapped((name, [, shape]) => [name, ["I8", shape, "int8"]])), "quantized"],
    [
      "eight-bit floats with scales",
      setOf({
        ...changed({ "embed.weight": ["F8_E4M3", [100, 8], "f8"], "layer.0.up.weight": ["F8_E4M3", [64, 8], "f8"] }),
        "embed.weight_scale_inv": ["F32", [1, 1], "s"],
      }),
      "quantized",
    ],
    [
      "packed integers as GPTQ has them",
      setOf(
        changed({
          "embed.weight": undefined,
          "layer.0.up.weight": undefined,
          "embed.qweight": ["I32", [100, 1], "packed"],
          "embed.scales": ["F16", [1, 8], "scales"],
          "layer.0.up.qweight": ["I32", [64, 1], "packed"],
          "layer.0.up.scales": ["F16", [1, 8], "scales"],
        }),
      ),
      "quantized",
    ],
    [
      "packed bytes as bitsandbytes has them",
      setOf({
        ...changed({ "embed.weight": ["U8", [400, 1], "nf4"], "layer.0.up.weight": ["U8", [256, 1], "nf4"] }),
        "embed.weight.absmax": ["F32", [13], "m"],
        "layer.0.up.weight.absmax": ["F32", [8], "m"],
      }),
      "quantized",
    ],
    ["half precision", setOf(mapped((name, [, shape]) => [name, ["BF16", shape, "half"]])), "converted"],
    [
      "a GGUF file of quantised types with the same shapes",
      setOf(
        mapped((name, [, shape]) => [`blk.${name}`, ["Q4_K", shape, "q4"]]),
        "gguf",
      ),
      "quantized",
    ],
    [
      "a GGUF file of floats with the same shapes",
      setOf(
        mapped((name, [, shape]) => [`blk.${name}`, ["F16", shape, "f16"]]),
        "gguf",
      ),
      "converted",
    ],
    [
      "half of the parameters and more layers",
      setOf({ ...base, "layer.1.up.weight": ["F32", [640, 8], "x"] }),
      "unknown",
    ],
    ["other tensors", setOf({ "conv.weight": ["F32", [300, 7], "conv"] }), "unrelated"],
    ["other tensors in GGUF", setOf({ "conv.weight": ["Q4_0", [300, 32], "conv"] }, "gguf"), "unrelated"],
  ];
  for (const [what, child, verdict] of cases) {
    it(`calls ${what} ${verdict}`, function () {
      const compared = compareTensors(child, setOf(base));
      expect(compared.verdict, compared.reason).to.equal(verdict);
    });
  }

  it("counts shares by parameters: of the child, and of the parent for what was removed", function () {
    const child = changed({ "layer.0.up.weight": "tuned", "norm.weight": undefined, extra: ["F32", [4], "x"] });
    const { shares } = compareTensors(setOf(child), setOf(base));
    expect(shares.identical).to.deep.equal({ tensors: 3, parameters: 880, share: 880 / 1396 });
    expect(shares.changed).to.deep.equal({ tensors: 1, parameters: 512, share: 512 / 1396 });
    expect(shares.added).to.deep.equal({ tensors: 1, parameters: 4, share: 4 / 1396 });
    expect(shares.removed).to.deep.equal({ tensors: 1, parameters: 8, share: 8 / 1400 });
  });

  it("pairs tensors of the same digest once each", function () {
    const parent = setOf({ a: ["F32", [2], "same"], b: ["F32", [2], "same"] });
    const child = setOf({ x: ["F32", [2], "same"], y: ["F32", [2], "same"], z: ["F32", [2], "same"] });
    const { renamed, added } = compareTensors(child, parent);
    expect(renamed.map((pair) => [pair.parent.name, pair.child.name])).to.deep.equal([
      ["a", "x"],
      ["b", "y"],
    ]);
    expect(added.map(({ name }) => name)).to.deep.equal(["z"]);
  });
});

describe("contradictsRelation", function () {
  const expected: Record<TensorVerdict, Relation[]> = {
    identical: ["fine-tune", "adapter", "quantized", "merge", "distilled"],
    "fine-tune": ["adapter", "quantized", "converted"],
    adapter: ["fine-tune", "quantized", "merge", "converted"],
    quantized: ["fine-tune", "adapter", "merge", "distilled", "converted"],
    converted: ["adapter", "distilled"],
    unknown: [],
    unrelated: ["fine-tune", "adapter", "quantized", "merge", "converted"],
  };
  for (const [verdict, relations] of Object.entries(expected) as [TensorVerdict, Relation[]][]) {
    it(`contradicts with ${verdict}: ${relations.join(", ") || "nothing"}`, function () {
      const contradicted = RELATIONS.filter((relation) => contradictsRelation(verdict, relation) !== undefined);
      expect(contradicted).to.deep.equal(relations);
    });
  }
});

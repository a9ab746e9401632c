import { sha256, toUtf8Bytes } from "ethers";
import type { Hex } from "../../src/base/hex.ts";
import type { Statements } from "../../src/metadata/build-provenance.ts";
import type { HashedModel } from "../../src/model/hash-model.ts";
import type { Resource } from "../../src/model/resource.ts";
import { createModel } from "./metadata.ts";
import { resourceOf } from "./resources.ts";

/** A model whose files lie nowhere. */
export function listed(name: string): HashedModel {
  return createModel([resourceOf("README.md", `# ${name}`), resourceOf("model.safetensors", `weights of ${name}`)]);
}

/** What the publisher of Iris says: as much as a record holds. */
export const IRIS: Statements = {
  name: "Iris",
  description: "Tells three species of Iris apart by four measures.",
  externalUrl: "https://models.example/iris",
  license: "Apache-2.0",
  version: "1.0.0",
  task: "tabular-classification",
  framework: { name: "TypeScript", version: "6.0" },
  datasetDigest: sha256(toUtf8Bytes("iris.csv")) as Hex,
  datasetCid: "ipfs://bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
  extensions: {
    considerations: {
      users: ["botanists"],
      useCases: ["teaching"],
      technicalLimitations: ["three species only"],
      ethicalConsiderations: [{ name: "none known", mitigationStrategy: "none needed" }],
    },
    fairness: [
      { groupAtRisk: "Iris virginica", harms: "taken for Iris versicolor", mitigationStrategy: "measure again" },
    ],
    energy: { trainingKwh: 0.00002, source: "unknown" },
    hardware: { accelerators: 0, processor: "any" },
  },
};

/** A model that was merged from two, and from one that no registry has. */
export function mergeOf(...parents: bigint[]): Statements {
  return {
    name: "A merge of two",
    description: "",
    license: "Apache-2.0 AND MIT",
    version: "0.3.0-rc.1",
    relation: "merge",
    parents,
    metrics: [{ name: "accuracy", value: 0.97, dataset: "iris", split: "held out" }],
    baseModels: [{ uri: "hf://lab/third-model@main", relation: "merge" }],
  };
}

/** A model that was revoked; nothing in its name is markup. */
export const REVOKED: Statements = {
  name: "A <b>leaking</b> & bad model",
  license: "GPL-3.0-only OR MIT",
  datasetDigest: sha256(toUtf8Bytes("what leaked")) as Hex,
};

/** Why it was: a stranger's text, as bad as it may be. */
export const REASON = 'Leaks "training" data & more: <script>alert(1)</script>\n見てください 🔥';

/** Files whose names are those of people who do not write English. */
export const JAPANESE_FILES: readonly Resource[] = [
  "モデル/重み.safetensors",
  "モデル/設定 と 説明.json",
  "🚀 emoji & <tags>.txt",
  'quote".md',
].map((name) => resourceOf(name, name));

/** What is said of them, with all that must be escaped somewhere. */
export const JAPANESE: Statements = {
  name: "日本語モデル 🌸",
  description: `感情分析 — \u{1F469}\u200D\u{1F52C} \u202E right to left "quoted" <b>bold</b> & 'single'`,
  license: "CC-BY-4.0",
  task: "text-classification",
  metrics: [{ name: "精度", value: 0.93, dataset: "データ", split: "テスト" }],
  baseModels: [{ uri: "hf://組織/モデル 名@main", relation: "fine-tune" }],
  extensions: { メモ: ["一", "二"], notes: "<script>alert('x')</script>" },
};

/** The files of a model of 7 500. */
export const MANY_FILES: readonly Resource[] = Array.from({ length: 7_500 }, (_, i) => {
  const name = `shards/${String(i % 100).padStart(2, "0")}/part-${i}.bin`;
  return resourceOf(name, name);
});

import { createSafetensors } from "../../test/helpers/safetensors.ts";
import { type HubRepo, hubRepo, lfsFile } from "../../test/helpers/servers/hub-repo.ts";

const HIDDEN = 8;

/** Makes repositories that are all different, each with a card, a configuration, a tokenizer and weights; none is held. */
export function createRepos(count: number): HubRepo[] {
  return Array.from({ length: count }, (_, i) => createRepo(i));
}

function createRepo(i: number): HubRepo {
  const name = `model-${String(i).padStart(6, "0")}`;
  const text = (content: () => string) => ({ content: () => Buffer.from(content()) });
  return hubRepo(
    `bench/${name}`,
    {
      ".gitattributes": "*.safetensors filter=lfs diff=lfs merge=lfs -text\n",
      "README.md": text(() => `---\nlicense: apache-2.0\npipeline_tag: text-classification\n---\n\nModel ${i}.\n`),
      "config.json": text(() => JSON.stringify({ architectures: ["BertModel"], model_type: "bert", seed: i })),
      "tokenizer_config.json": text(() => JSON.stringify({ tokenizer_class: "BertTokenizer", do_lower_case: true })),
      "vocab.txt": text(() => Array.from({ length: 200 }, (_, n) => `token${n}\n`).join("")),
      "model.safetensors": lfsFile(() => createWeights(i)),
    },
    { pipeline_tag: "text-classification", library_name: "transformers", tags: ["bert", "text-classification"] },
  );
}

function createWeights(seed: number): Uint8Array {
  const names = Array.from({ length: 12 }, (_, layer) => `encoder.layer.${layer}.weight`);
  const size = HIDDEN * HIDDEN * 4;
  const header = Object.fromEntries(
    names.map((name, i) => [name, { dtype: "F32", shape: [HIDDEN, HIDDEN], data_offsets: [i * size, (i + 1) * size] }]),
  );
  const file = createSafetensors(header, names.length * size);
  file.writeUInt32LE(seed, file.length - 4);
  return file;
}

import { SPECIES } from "./dataset.ts";
import type { Evaluation } from "./evaluation.ts";

/** What the card tells. `baseModel` is the name of the model that this one was fine-tuned from. */
export interface ModelCard {
  name: string;
  baseModel?: string;
  layerSizes: readonly number[];
  trainingRows: number;
  heldOut: Evaluation;
}

/** Renders the model card: front matter as Hugging Face reads it, then a text for people. */
export function renderModelCard(card: ModelCard): string {
  return `---\n${renderFrontMatter(card)}---\n\n${renderText(card)}`;
}

function renderFrontMatter({ name, baseModel, heldOut }: ModelCard): string {
  const base = baseModel === undefined ? "" : `base_model: ${baseModel}\nbase_model_relation: finetune\n`;
  return `license: apache-2.0
library_name: typescript
pipeline_tag: tabular-classification
${base}datasets:
  - iris
metrics:
  - accuracy
tags:
  - tabular-classification
  - multilayer-perceptron
  - iris
  - safetensors
model-index:
  - name: ${name}
    results:
      - task:
          type: tabular-classification
          name: Tabular Classification
        dataset:
          type: iris
          name: Iris (Fisher, 1936)
          split: held-out
        metrics:
          - type: accuracy
            name: Held-out accuracy
            value: ${heldOut.accuracy}
`;
}

function renderText({ name, baseModel, layerSizes, trainingRows, heldOut }: ModelCard): string {
  const origin = baseModel === undefined ? "trained from random weights" : `fine-tuned from ${baseModel}`;
  const perSpecies = trainingRows / SPECIES.length;
  const pointsPerRow = Math.round(1000 / heldOut.total) / 10;
  const counts = SPECIES.map((species, actual) => `| ${[species, ...heldOut.confusion[actual]!].join(" | ")} |`);
  return `# ${name}

A multilayer perceptron (${layerSizes.join("-")}, ReLU), ${origin}. It tells three species of iris apart
by the length and the width of sepal and petal in centimetres. It is an example of a model with a known origin:
training is deterministic, so anybody can repeat it and get the same bytes.

## Data

Fisher's Iris data: ${trainingRows} rows (${perSpecies} of each species) were trained on, the other ${heldOut.total} were held out. The seed of
the split is in \`training-config.json\`. Mean and scale of the features, in \`config.json\`, come from the training rows.

## Measured

${heldOut.correct} of ${heldOut.total} held-out rows are right: accuracy ${heldOut.accuracy}. A line of the table is an actual species, a column a
predicted one.

| | ${SPECIES.join(" | ")} |
|---|${SPECIES.map(() => "---|").join("")}
${counts.join("\n")}

## Limits

Fit for demonstrations and tests only. ${heldOut.total} rows are few: one of them moves the accuracy by ${pointsPerRow} points. Every
input is given one of the three species, also when it is no iris at all. The scores are not probabilities.
`;
}

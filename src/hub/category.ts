import { loadOptional } from "../base/optional-package.ts";

/** The kinds of models, each with the tags that make one; the first that fits counts. */
const CATEGORIES: readonly (readonly [category: string, tags: readonly string[]])[] = [
  ["multimodal", ["multimodal"]],
  ["computer vision", ["image-classification", "image-segmentation", "object-detection", "vision"]],
  [
    "natural language processing",
    ["text-classification", "token-classification", "question-answering", "text-generation", "translation", "nlp"],
  ],
  ["audio", ["audio-classification", "speech-recognition", "audio"]],
  ["tabular", ["tabular-classification", "tabular"]],
  ["reinforcement learning", ["reinforcement-learning"]],
];

/** The category of a model by its tags. Tags that no category has, like `fill-mask` or `summarization`, make it `other`. */
export function categoryOf(tags: readonly string[]): string {
  return CATEGORIES.find(([, wanted]) => wanted.some((tag) => tags.includes(tag)))?.[0] ?? "other";
}

/** What a task works on, as Hugging Face divides tasks: nlp, cv, audio, multimodal, tabular, rl or other. */
export async function modalityOf(task: string | undefined): Promise<string | undefined> {
  if (task === undefined) return undefined;
  const load = async () => import("@huggingface/tasks");
  const { PIPELINE_DATA } = await loadOptional(load, "Tasks are those that Hugging Face lists", "@huggingface/tasks");
  return Object.hasOwn(PIPELINE_DATA, task) ? PIPELINE_DATA[task as keyof typeof PIPELINE_DATA].modality : undefined;
}

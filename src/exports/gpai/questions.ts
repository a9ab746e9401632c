import type { ExportedModel } from "../exported-model.ts";
import * as from from "./answers.ts";

/** One thing that a document asks for. */
export interface Question {
  /** What names it: in `extensions.gpai` the publisher answers under this name. */
  readonly id: string;
  readonly asks: string;
  /** What the record says of it, where it can. */
  readonly answer?: (model: ExportedModel) => string | undefined;
}

/** A document, or a part of one, with all that it asks for. */
export interface Questionnaire {
  readonly name: string;
  readonly title: string;
  /** Where it stands, and as of when. */
  readonly source: string;
  readonly questions: readonly Question[];
}

const ACT = "Regulation (EU) 2024/1689, Annex XI, as of 2024-07-12";
const SUMMARY = "AI Office, template for the public summary of training content (Article 53(1)(d)), as of 2025-07-24";
const MOF = "Model Openness Framework, version 1.0 (arXiv:2403.13784), as of 2024-10";

/** What is asked, in the order of its sources. */
export const QUESTIONNAIRES: readonly Questionnaire[] = [
  {
    name: "annex-xi",
    title: "Technical documentation",
    source: `${ACT}, section 1`,
    questions: [
      {
        id: "tasks",
        asks: "Tasks the model is intended for, and systems it can be integrated into",
        answer: from.tasks,
      },
      { id: "acceptableUse", asks: "Acceptable use policies that apply" },
      { id: "release", asks: "Date of release and methods of distribution", answer: from.release },
      { id: "architecture", asks: "Architecture and number of parameters", answer: from.architecture },
      { id: "modality", asks: "Modality and format of inputs and outputs" },
      { id: "licence", asks: "Licence", answer: from.licence },
      { id: "integration", asks: "Technical means required for integration", answer: from.framework },
      {
        id: "design",
        asks: "Design of model and training, methods, key choices, what is optimised",
        answer: from.training,
      },
      {
        id: "data",
        asks: "Data used for training, testing and validation: type, provenance, curation",
        answer: from.data,
      },
      { id: "dataSize", asks: "Number of data points, their scope and main characteristics" },
      {
        id: "dataSelection",
        asks: "How the data was obtained and selected, and checked for unsuitable sources and bias",
      },
      { id: "compute", asks: "Computational resources used for training, training time", answer: from.compute },
      { id: "energy", asks: "Known or estimated energy consumption", answer: from.energy },
    ],
  },
  {
    name: "annex-xi-systemic",
    title: "Further information on models with systemic risk",
    source: `${ACT}, section 2`,
    questions: [
      { id: "evaluation", asks: "Evaluation strategies with their results and limits", answer: from.metrics },
      { id: "adversarialTesting", asks: "Adversarial testing, and adaptations such as alignment and fine-tuning" },
      { id: "systemArchitecture", asks: "System architecture: how the components build on each other" },
    ],
  },
  {
    name: "training-content",
    title: "Public summary of the content used for training",
    source: SUMMARY,
    questions: [
      { id: "provider", asks: "Provider, and how to reach it", answer: from.provider },
      { id: "versions", asks: "Model and its versions", answer: from.names },
      { id: "dependencies", asks: "Models it depends on", answer: from.origin },
      { id: "marketDate", asks: "Date of placement on the Union market" },
      { id: "modalitiesAndSize", asks: "Modalities and size of the training data" },
      { id: "publicDatasets", asks: "Publicly available data sets", answer: from.namedData },
      { id: "privateDatasets", asks: "Private data sets obtained from third parties" },
      { id: "crawled", asks: "Data crawled and scraped from online sources" },
      { id: "userData", asks: "User data" },
      { id: "synthetic", asks: "Synthetic data" },
      { id: "otherSources", asks: "Other sources of data" },
      { id: "rightsReservation", asks: "Measures to respect reservations of rights from text and data mining" },
      { id: "illegalContent", asks: "Measures to avoid or remove illegal content" },
    ],
  },
  {
    name: "mof",
    title: "Components that are released",
    source: MOF,
    questions: [
      { id: "mof.architecture", asks: "Model architecture (class III)", answer: from.architecture },
      { id: "mof.parameters", asks: "Model parameters, final (class III)", answer: from.files },
      { id: "mof.technicalReport", asks: "Technical report (class III)" },
      { id: "mof.evaluationResults", asks: "Evaluation results (class III)", answer: from.metrics },
      { id: "mof.modelCard", asks: "Model card (class III)", answer: from.card },
      { id: "mof.dataCard", asks: "Data card (class III)" },
      { id: "mof.sampleOutputs", asks: "Sample model outputs (class III, optional)" },
      { id: "mof.trainingCode", asks: "Training code (class II)" },
      { id: "mof.inferenceCode", asks: "Inference code (class II)" },
      { id: "mof.evaluationCode", asks: "Evaluation code (class II)" },
      { id: "mof.evaluationData", asks: "Evaluation data (class II)" },
      { id: "mof.libraries", asks: "Supporting libraries and tools (class II)" },
      { id: "mof.researchPaper", asks: "Research paper (class I)" },
      { id: "mof.datasets", asks: "Data sets (class I)", answer: from.namedData },
      { id: "mof.preprocessingCode", asks: "Data preprocessing code (class I)" },
      { id: "mof.checkpoints", asks: "Model parameters, intermediate (class I)" },
      { id: "mof.metadata", asks: "Model metadata (class I, optional)", answer: from.card },
    ],
  },
];

import { invalid, list, option, readServiceUrl, readWhole, secret, text, toggle } from "../../base/option.ts";

/** Models of the Hugging Face Hub: which, how they are read, and what is left behind. MODEL_TASK filters as well. */
export const IMPORT_OPTIONS = {
  hubModels: list("models", "HF_MODELS", "models of the Hub, owner/name or owner/name@revision, comma-separated"),
  hubList: text("list", "HF_LIST", "a file that names a model of the Hub a line"),
  hubRandom: option("random", "HF_RANDOM", "so many models of the Hub, chosen by the seed", readCount),
  hubSeed: text("seed", "HF_SEED", "any text: the same seed chooses the same models of the same list"),
  hubAuthor: text("author", "HF_AUTHOR", "the models of this user or organisation"),
  hubSearch: text("search", "HF_SEARCH", "the models whose names hold this"),
  hubLimit: option("limit", "HF_LIMIT", "at most so many of those that the Hub lists", readCount),
  hubEndpoint: option(
    "endpoint",
    "HF_ENDPOINT",
    "the Hub, or a mirror of it; else https://huggingface.co",
    readServiceUrl,
  ),
  hubToken: secret("hf-token", "HF_TOKEN", "an access token of the Hub, hf_…"),
  includePrivate: toggle(
    "include-private",
    "INCLUDE_PRIVATE",
    "record private repositories too: that makes them public",
  ),
  hubDownload: toggle("download", "HF_DOWNLOAD", "fetch every file and compare it with its digest"),
  downloadPath: text("download-path", "DOWNLOAD_PATH", "where downloads go; else .model-provenance/models"),
  batchSize: option("batch-size", "BATCH_SIZE", "models of one batch, else 5000; 1 mints a token for each", readCount),
  hubConcurrency: option("hf-concurrency", "HF_CONCURRENCY", "models that are read at a time, else 8", readCount),
  queueUrl: option(
    "queue",
    "QUEUE_URL",
    "let all workers of a queue read models and hash files: postgres://… of PostgreSQL 15 or newer",
    readQueue,
  ),
  hubRate: option(
    "hf-rate",
    "HF_RATE",
    "requests a second of each kind that all who share a queue and a token make together: who says it says it for all; else 3",
    readCount,
  ),
  drain: toggle("drain", "DRAIN", "end when the queue is empty"),
  sharedFolders: list(
    "files",
    "WORKER_FILES",
    "folders that are shared with who hashes: a worker hashes files of no others",
  ),
  hashThreads: option(
    "threads",
    "HASH_THREADS",
    "files that are hashed at a time; else one for each core",
    readWhole(1, 64),
  ),
  importStatus: toggle("status", "IMPORT_STATUS", "say how far the queue's work has come"),
  importState: text("import-state", "IMPORT_STATE", "what imports have done; else .model-provenance/import.jsonl"),
  modelsCsv: text("csv", "MODELS_CSV", "table of the models; else models_metadata.csv"),
  chainFile: text("chain-file", "BLOCKCHAIN_DATA", "chain of the registrations; else blockchain_data.json"),
  hubWatch: toggle("watch", "HF_WATCH", "say what changed on the Hub since it was recorded"),
} as const;

const MAX_COUNT = 10_000_000;

function readQueue(value: string, name: string): string {
  const isQueue = /^postgres(ql)?:\/\//.test(value) && URL.canParse(value);
  return isQueue ? value : invalid(name, "(not shown)", "postgres://user@host:port/database");
}

function readCount(value: string, name: string): number {
  const number = Number(value);
  return /^[1-9]\d*$/.test(value) && number <= MAX_COUNT ? number : invalid(name, value, "a number above 0");
}

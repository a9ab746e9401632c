import { everyday, list, rare, text, toggle } from "../../base/option.ts";

/** What a model is and how it is read. */
export const MODEL_OPTIONS = {
  modelPath: text("model", "MODEL_PATH", "the model: a file or a folder"),
  datasetPath: text("dataset", "DATASET_PATH", "the training data, a file or a folder; only its digest is recorded"),
  ignorePaths: list("ignore-paths", "IGNORE_PATHS", "relative paths to leave out, comma-separated"),
  withCid: toggle(
    "cid",
    "WITH_CID",
    "also compute the CID of the model, in the same pass; mint records it, verify compares it with the record",
  ),
  withModel: everyday(
    toggle("with-model", "WITH_MODEL", "pin the model itself, too, from where it lies; records its CID as well"),
  ),
  cachePath: text("cache", "HASH_CACHE", "file with the digests of files hashed before, kept and used by hash"),
  trustCache: rare(toggle("trust-cache", "TRUST_CACHE", "let verify use that file too: what it knows is not read")),
  hfCache: rare(toggle("hf-cache", "HF_CACHE", "follow the links of a Hugging Face cache snapshot to its own blobs")),
  lfsPointers: rare(
    toggle("lfs-pointers", "LFS_POINTERS", "take digests and sizes from Git LFS pointers, not content"),
  ),
  omsBundle: rare(
    text("oms-bundle", "OMS_BUNDLE", "OMS bundle to record; else the folder's model.sig; none: no bundle"),
  ),
  childPath: text("child", "CHILD_PATH", "the model: its path or its token; with tensors the path of the child"),
  parentPath: text("parent", "PARENT_PATH", "the model it came from"),
  tensors: toggle("tensors", "TENSORS", "compare tensor by tensor"),
} as const;

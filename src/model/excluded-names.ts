const GIT_NAMES = [".git", ".gitignore", ".gitattributes", ".github"];
// What `hf download --local-dir` leaves beside the files it downloads.
const DOWNLOAD_CACHE = [".cache/huggingface/download", ".cache/huggingface/.gitignore"];

/**
 * Why a path is no part of a model, by its name alone; undefined where it may be one.
 *
 * @param name - relative to the model's root, of a file or a folder
 * @see OMS specification v1.0, section 6.1
 */
export function reasonToExcludeName(name: string): "git" | "download cache" | undefined {
  if (GIT_NAMES.some((path) => isAtOrBelow(name, path))) return "git";
  return DOWNLOAD_CACHE.some((path) => isAtOrBelow(name, path)) ? "download cache" : undefined;
}

function isAtOrBelow(name: string, path: string): boolean {
  return name === path || name.startsWith(`${path}/`);
}

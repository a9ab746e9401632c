const GIT_NAMES = new Set([".git", ".gitignore", ".gitattributes", ".github"]);
const DOWNLOAD_CACHE = ".cache/huggingface/download";

/**
 * Says why a relative path is never recorded, whatever lies there.
 *
 * @returns undefined for what may be recorded
 * @see OMS specification v1.0, section 6.1
 */
export function reasonToLeaveOut(name: string): "git" | "download cache" | undefined {
  if (GIT_NAMES.has(name)) return "git";
  return name === DOWNLOAD_CACHE ? "download cache" : undefined;
}

/** Tells whether a file of this name can be one of a model: neither it nor a folder above it is always left out. */
export function isRecordable(name: string): boolean {
  for (let end = name.length; end > 0; end = name.lastIndexOf("/", end - 1)) {
    if (reasonToLeaveOut(name.slice(0, end)) !== undefined) return false;
  }
  return true;
}

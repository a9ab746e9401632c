const GIT_NAMES = new Set([".git", ".gitignore", ".gitattributes", ".github"]);
// What `hf download --local-dir` leaves beside the files it downloads.
const DOWNLOAD_CACHE = new Set([".cache/huggingface/download", ".cache/huggingface/.gitignore"]);

/**
 * Says why a relative path is never recorded, whatever lies there.
 *
 * @returns undefined for what may be recorded
 * @see OMS specification v1.0, section 6.1
 */
export function reasonToLeaveOut(name: string): "git" | "download cache" | undefined {
  if (GIT_NAMES.has(name)) return "git";
  return DOWNLOAD_CACHE.has(name) ? "download cache" : undefined;
}

/** Says why a file is never recorded: it, or a folder above it, is always left out. Undefined for what may be. */
export function reasonToLeaveOutFile(name: string): ReturnType<typeof reasonToLeaveOut> {
  for (let end = name.length; end > 0; end = name.lastIndexOf("/", end - 1)) {
    const reason = reasonToLeaveOut(name.slice(0, end));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Tells whether a file of this name can be one of a model: neither it nor a folder above it is always left out. */
export function isRecordable(name: string): boolean {
  return reasonToLeaveOutFile(name) === undefined;
}

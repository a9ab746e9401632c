import leftOut from "./left-out.json" with { type: "json" };

const TOP = new Set(leftOut.top);

/**
 * Says why an entry of a folder is never recorded, whatever lies there.
 *
 * @param name - its path relative to the model
 * @returns undefined for what may be recorded
 * @see OMS specification v1.0, section 6.1
 */
export function reasonToLeaveOut(name: string, isFolder: boolean): "git" | "download cache" | undefined {
  if (TOP.has(name)) return "git";
  return isFolder && leftOut.downloads.some((folder) => name === folder || name.endsWith(`/${folder}`))
    ? "download cache"
    : undefined;
}

/** Says why a file is never recorded: it, or a folder above it, is always left out. Undefined for what may be. */
export function reasonToLeaveOutFile(name: string): ReturnType<typeof reasonToLeaveOut> {
  for (let end = name.length; end > 0; end = name.lastIndexOf("/", end - 1)) {
    const reason = reasonToLeaveOut(name.slice(0, end), end < name.length);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Tells whether a file of this name can be one of a model: neither it nor a folder above it is always left out. */
export function isRecordable(name: string): boolean {
  return reasonToLeaveOutFile(name) === undefined;
}

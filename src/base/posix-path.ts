/** The part of a name before its last slash; `.` where there is none. */
export function dirname(name: string): string {
  const end = name.lastIndexOf("/");
  return end === -1 ? "." : name.slice(0, end) || "/";
}

/** The part of a name after its last slash. */
export function basename(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Joins parts of a path and resolves `.` and `..`, as POSIX systems do; what leads above the first folder keeps its `..`. */
export function join(...parts: readonly string[]): string {
  const text = parts.filter((part) => part !== "").join("/");
  const kept: string[] = [];
  for (const part of text.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== ".." || !text.startsWith("/")) kept.push(part);
  }
  if (text.startsWith("/")) kept[0] = `/${kept[0] ?? ""}`;
  const path = kept.length === 0 ? "." : kept.join("/");
  return text.endsWith("/") && path !== "/" ? `${path}/` : path;
}

import fileKinds from "./file-kinds.json" with { type: "json" };

export { fileKinds };

/** Tells whether a name ends, in any case, with one of these endings. */
export function hasEnding(name: string, endings: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}

/** Tells whether a file is called as texts beside a model are that have no ending of their own: LICENSE, NOTICE. */
export function hasKnownName(name: string): boolean {
  const base = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  return fileKinds.plainText.names.some((known) => base === known || base.startsWith(`${known}-`));
}

/** Tells by its name that a file is plain text. */
export function isPlainText(name: string): boolean {
  return hasEnding(name, fileKinds.plainText.endings) || hasKnownName(name);
}

/** Tells by its name that a file is a program, which is loaded beside the weights or run on its own. */
export function isProgram(name: string): boolean {
  return hasEnding(name.replace(/(\.so)(\.\d+)+$/i, "$1"), fileKinds.programs);
}

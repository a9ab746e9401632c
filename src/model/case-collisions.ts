const MAX_NAMED = 10;

/**
 * Finds names, of files and of folders above them, that differ only by case: on a file system that ignores case one
 * of them would take the other's place.
 *
 * @returns a sentence a pair, at most ten and one that counts the rest
 */
export function warnOfCaseCollisions(names: Iterable<string>): string[] {
  const seen = new Map<string, string>();
  const collisions: string[] = [];
  for (const name of names) {
    for (const path of withFoldersAbove(name)) {
      const folded = path.normalize("NFC").toLowerCase();
      const other = seen.get(folded);
      if (other === undefined) seen.set(folded, path);
      else if (other !== path) {
        collisions.push(`${other} and ${path} differ only by case: where case is ignored they are one.`);
      }
      if (other === path) break; // and so are all folders above it
    }
  }
  const distinct = [...new Set(collisions)];
  if (distinct.length <= MAX_NAMED) return distinct;
  return [...distinct.slice(0, MAX_NAMED), `${distinct.length - MAX_NAMED} more names differ only by case.`];
}

/** A path and the folders above it, itself first. */
function* withFoldersAbove(name: string): Generator<string> {
  for (let end = name.length; end > 0; end = name.lastIndexOf("/", end - 1)) yield name.slice(0, end);
}

/** The word of a list that another is probably a misspelling of; undefined where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let [found, least]: [string | undefined, number] = [undefined, Math.max(2, Math.floor(word.length / 3)) + 1];
  for (const candidate of candidates) {
    const edits = candidate.startsWith(word) && word !== "" ? 1 : countEdits(word, candidate);
    if (edits < least) [found, least] = [candidate, edits];
  }
  return found;
}

/** How many letters have to be put in, taken out, changed, or exchanged with the next one. */
function countEdits(from: string, to: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const steps = [(last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1)];
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) steps.push((before[j - 2] as number) + 1);
      row.push(Math.min(...steps));
    }
    [before, last] = [last, row];
  }
  return last[to.length] as number;
}

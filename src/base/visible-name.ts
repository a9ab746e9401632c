// Scripts that stand in one word without anybody being deceived: UTS #39, section 5.2, "highly restrictive".
const TOGETHER: readonly (readonly string[])[] = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Bopomofo"],
  ["Latin", "Han", "Hangul"],
];
const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Hebrew",
  "Arabic",
  "Devanagari",
  "Bengali",
  "Thai",
  "Georgian",
  "Cherokee",
  "Coptic",
  "Han",
  "Hiragana",
  "Katakana",
  "Bopomofo",
  "Hangul",
].map((name) => ({ name, test: new RegExp(`^\\p{Script_Extensions=${name}}$`, "u") }));
// What is not seen, or moves what stands beside it. A joiner may change what a word looks like, and may not be seen.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]|(?! )\p{Zs}/u;
const MAX_MARKS = 2;
const MAX_LENGTH = 200;

/**
 * Makes a name safe to be shown as a name: control characters, direction marks and what cannot be seen are written as
 * escapes, in a word of several scripts the letters that are not of its first one are, and so are piles of accents. What
 * it returns has nothing left to escape.
 */
export function visibleName(name: string): string {
  const shown = [...name.toWellFormed()].slice(0, MAX_LENGTH);
  const more = shown.length < [...name].length ? "…" : "";
  const words = shown.join("").split(/((?:(?![\p{L}\p{M}\p{N}])[^])+)/u);
  return words.map((word) => escapeWord(word)).join("") + more;
}

function escapeWord(word: string): string {
  const letters = [...word];
  const sets = letters.map(scriptsOf);
  const main = sets.find((set) => set !== undefined && set.length > 0) ?? [];
  const isMixed = !fitTogether(sets);
  let marks = 0;
  return letters
    .map((letter, i) => {
      marks = /\p{M}/u.test(letter) ? marks + 1 : 0;
      const isForeign = isMixed && sets[i] !== undefined && !sets[i].some((script) => main.includes(script));
      return HIDDEN.test(letter) || isForeign || marks > MAX_MARKS || (i === 0 && marks > 0) ? escape(letter) : letter;
    })
    .join("");
}

/** The scripts that a letter belongs to; undefined where it belongs to all. */
function scriptsOf(letter: string): readonly string[] | undefined {
  if (/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter)) return undefined;
  const found = SCRIPTS.filter(({ test }) => test.test(letter)).map(({ name }) => name);
  // One that is not listed goes with nothing but its own kind.
  return found.length > 0 ? found : ["another"];
}

function fitTogether(sets: readonly (readonly string[] | undefined)[]): boolean {
  const known = sets.flatMap((set) => (set === undefined ? [] : [set]));
  const candidates = [...known.slice(0, 1).flatMap((set) => set.map((script) => [script])), ...TOGETHER];
  return candidates.some((allowed) => known.every((set) => set.some((script) => allowed.includes(script))));
}

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}

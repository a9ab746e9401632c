// Adobe's widths of Helvetica, which Arial shares, in thousandths of the font size: from the space to the tilde.
const ASCII = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
const [FIRST, FULL, OTHER] = [0x20, 1000, 750];
const BOLD_PERCENT = 108;
const ELLIPSIS = "…";
/** Code points that take no room: marks above and below others, joiners, and what chooses a form. */
const ZERO: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f],
  [0xe0100, 0xe01ef],
];
/** Scripts of East Asia, symbols and emoji: as wide as they are high. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2014, 0x2014],
  [0x2026, 0x2026],
  [0x2190, 0x2bff],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f000, 0x1faff],
  [0x20000, 0x3fffd],
];

/** How wide a text is about, in the unit of the font size. What is not known is taken for rather wide. */
export function measureText(text: string, fontSize: number, isBold = false): number {
  let width = 0;
  for (const character of text) width += widthOf(character.codePointAt(0) as number);
  return (width * fontSize * (isBold ? BOLD_PERCENT : 100)) / 100_000;
}

/** A text, or as much of it as fits into a width with an ellipsis behind it. */
export function fitText(text: string, width: number, fontSize: number, isBold = false): string {
  if (measureText(text, fontSize, isBold) <= width) return text;
  let fitting = "";
  for (const character of text) {
    if (measureText(fitting + character + ELLIPSIS, fontSize, isBold) > width) break;
    fitting += character;
  }
  return fitting.trimEnd() + ELLIPSIS;
}

function widthOf(point: number): number {
  const isIn = (ranges: typeof ZERO) => ranges.some(([first, last]) => point >= first && point <= last);
  if (point < 0x7f) return ASCII[point - FIRST] ?? 0;
  if (isIn(ZERO)) return 0;
  return isIn(WIDE) ? FULL : OTHER;
}

// The opcodes of protocols 0 to 5, by what they take and give. @see CPython 3.14, Lib/pickletools.py and Modules/_pickle.c

const NUMBER = /^\s*[+-]?[\da-fA-F_xXoObB]+\s*L?\s*$/;
const INDEX = /^\s*\d+\s*$/;
// What can be imported: attributes of other names exist nowhere.
export const NAME = /^[\p{L}\p{N}_.<>-]+$/u;

/** Opcodes with a line of text behind them, and what it must look like. */
export const LINES: Readonly<Record<string, RegExp>> = {
  I: NUMBER,
  L: NUMBER,
  F: /^\s*[+-]?(?:[\d_]+\.?[\d_]*|\.[\d_]+|inf|infinity|nan)(?:e[+-]?\d+)?\s*$/i,
  S: /^\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*$/,
  V: /^/,
  P: /^/,
  p: INDEX,
  g: INDEX,
  c: NAME,
  i: NAME,
};

/** An opcode with so many bytes of a value behind it, or with its length in so many bytes before it. */
export interface Value {
  readonly lengthBytes?: 1 | 4 | 8;
  readonly bytes?: number;
  readonly item: "text" | "other";
  readonly isUtf8?: boolean;
}

export const VALUES: Readonly<Record<string, Value>> = {
  G: { bytes: 8, item: "other" },
  J: { bytes: 4, item: "other" },
  K: { bytes: 1, item: "other" },
  M: { bytes: 2, item: "other" },
  T: { lengthBytes: 4, item: "text" },
  U: { lengthBytes: 1, item: "text" },
  X: { lengthBytes: 4, item: "text", isUtf8: true },
  B: { lengthBytes: 4, item: "other" },
  C: { lengthBytes: 1, item: "other" },
  "\x8a": { lengthBytes: 1, item: "other" },
  "\x8b": { lengthBytes: 4, item: "other" },
  "\x8c": { lengthBytes: 1, item: "text", isUtf8: true },
  "\x8d": { lengthBytes: 8, item: "text", isUtf8: true },
  "\x8e": { lengthBytes: 8, item: "other" },
  "\x96": { lengthBytes: 8, item: "other" },
};

/** An opcode that takes what lies above the last mark, then so many items, and may give one. */
export interface Move {
  readonly pops: number;
  readonly toMark?: boolean;
  readonly pushes: boolean;
}

export const MOVES: Readonly<Record<string, Move>> = {
  N: { pops: 0, pushes: true },
  "\x88": { pops: 0, pushes: true },
  "\x89": { pops: 0, pushes: true },
  ")": { pops: 0, pushes: true },
  "]": { pops: 0, pushes: true },
  "}": { pops: 0, pushes: true },
  "\x8f": { pops: 0, pushes: true },
  "\x85": { pops: 1, pushes: true },
  "\x86": { pops: 2, pushes: true },
  "\x87": { pops: 3, pushes: true },
  Q: { pops: 1, pushes: true },
  a: { pops: 2, pushes: true },
  s: { pops: 3, pushes: true },
  t: { pops: 0, toMark: true, pushes: true },
  l: { pops: 0, toMark: true, pushes: true },
  d: { pops: 0, toMark: true, pushes: true },
  "\x91": { pops: 0, toMark: true, pushes: true },
  e: { pops: 1, toMark: true, pushes: true },
  u: { pops: 1, toMark: true, pushes: true },
  "\x90": { pops: 1, toMark: true, pushes: true },
};

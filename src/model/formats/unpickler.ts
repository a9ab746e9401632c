import { Buffer } from "buffer";
import { ProvenanceError } from "../../base/errors.ts";
import { ByteCursor } from "./byte-cursor.ts";
import type { ByteSource } from "./byte-source.ts";
import { LINES, MOVES, type Move, NAME, VALUES, type Value } from "./pickle-opcodes.ts";

// What is looked at of one file before it counts as a pickle: whatever follows so many valid opcodes is none by chance.
const MAX_OPCODES = 100_000;
const MAX_LINE_BYTES = 1024 * 1024;
const MAX_CHECKED_TEXT = 64 * 1024;
const LAST_PROTOCOL = 5;

/** What lies on the unpickler's stack, as far as it matters: STACK_GLOBAL takes texts, and nothing is taken across a mark. */
type Item = "mark" | "text" | "other";

/** Ends a trial: an unpickler stops with an error here, has called something, or was followed for long enough. */
class End extends Error {
  readonly isCall: boolean;

  constructor(isCall: boolean) {
    super(isCall ? "call" : "error");
    this.isCall = isCall;
  }
}

const failed = () => new End(false);

/**
 * Tells whether Python's unpickler, given a file, gets as far as importing or calling something. It is followed opcode by
 * opcode without anything being built; long values are skipped over and not read.
 *
 * @param isCut - what is there is the beginning of a file: where it ends in the middle of a pickle, a call may follow
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_CHANGED`
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export async function unpicklesToCall(source: ByteSource, isCut = false): Promise<boolean> {
  const trial = new Trial(source);
  try {
    for (; trial.opcodes < MAX_OPCODES; trial.opcodes++) await trial.step();
    return true;
  } catch (error) {
    if (error instanceof End) return error.isCall || (trial.hasImported && !(await trial.isListOfWords()));
    if (!(error instanceof ProvenanceError) || error.code !== "MODEL_HEADER_INVALID") throw error;
    // The file ends in the middle: what was imported before was imported.
    return (isCut && trial.opcodes > 0) || (trial.hasImported && !(await trial.isListOfWords()));
  }
}

class Trial {
  readonly #source: ByteSource;
  readonly #cursor: ByteCursor;
  #stack: Item[] = [];
  #memo = new Map<number, Item>();
  /** A class or function was imported by its name, which alone runs what its module says. */
  hasImported = false;
  /** How many opcodes were taken whole. */
  opcodes = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#cursor = new ByteCursor(source);
  }

  /** Follows one opcode. @throws {End} where the unpickler would stop */
  async step(): Promise<void> {
    const code = (await this.#cursor.take(1)).toString("latin1");
    const line = LINES[code];
    if (line !== undefined) return this.#takeLine(code, line);
    const values = VALUES[code];
    if (values !== undefined) return this.#takeValue(values);
    const move = MOVES[code];
    if (move !== undefined) return this.#move(move);
    return this.#takeOther(code);
  }

  /** Tells whether a file that began with an import is text, a word a line, of which nothing could be called. */
  async isListOfWords(): Promise<boolean> {
    const bytes = Buffer.alloc(Math.min(this.#source.size, MAX_CHECKED_TEXT));
    await this.#source.read(bytes, 0);
    return /^(?:[A-Za-z_-][\w-]*\n)*[A-Za-z_-]?[\w-]*$/.test(bytes.toString("latin1"));
  }

  async #takeLine(code: string, form: RegExp): Promise<void> {
    const text = await this.#line();
    if (!form.test(text)) throw failed();
    if (code === "p") this.#memo.set(Number(text), this.#top());
    else if (code === "g") this.#recall(Number(text));
    else if (code === "c" || code === "i") {
      if (!NAME.test(await this.#line())) throw failed();
      if (code === "i") {
        this.#popMark();
        throw new End(true);
      }
      this.hasImported = true;
      this.#stack.push("other");
    } else this.#stack.push(code === "S" || code === "V" ? "text" : "other");
  }

  async #takeValue({ lengthBytes, bytes = 0, item, isUtf8 = false }: Value): Promise<void> {
    const length = lengthBytes === undefined ? bytes : await this.#number(lengthBytes);
    if (isUtf8 && length <= MAX_CHECKED_TEXT) assertText(await this.#cursor.take(length));
    else this.#cursor.skip(length);
    this.#stack.push(item);
  }

  #move({ pops, toMark = false, pushes }: Move): void {
    if (toMark) this.#popMark();
    for (let i = 0; i < pops; i++) this.#pop();
    if (pushes) this.#stack.push("other");
  }

  async #takeOther(code: string): Promise<void> {
    switch (code) {
      case "(":
        return void this.#stack.push("mark");
      case "0":
        return void (this.#stack.pop() ?? fail());
      case "2":
        return void this.#stack.push(this.#top());
      case "1":
        return this.#popMark();
      case "\x80":
        return void ((await this.#number(1)) <= LAST_PROTOCOL || fail());
      case "\x95":
        return void ((await this.#number(8)) <= this.#cursor.left || fail());
      case "q":
        return void this.#memo.set(await this.#number(1), this.#top());
      case "r":
        return void this.#memo.set(await this.#number(4), this.#top());
      case "\x94":
        return void this.#memo.set(this.#memo.size, this.#top());
      case "h":
        return this.#recall(await this.#number(1));
      case "j":
        return this.#recall(await this.#number(4));
      case "\x93":
        if (this.#pop() !== "text" || this.#pop() !== "text") throw failed();
        throw new End(true);
      case ".":
        this.#pop();
        if (this.hasImported) throw new End(true);
        // Loaders read several pickles from one file.
        this.#stack = [];
        this.#memo = new Map();
        return;
      // REDUCE, BUILD, OBJ, NEWOBJ, NEWOBJ_EX: nothing is there to be called unless it was imported.
      case "R":
      case "b":
      case "o":
      case "\x81":
      case "\x92":
        throw new End(this.hasImported);
      default:
        throw failed();
    }
  }

  #top(): Item {
    const item = this.#stack.at(-1);
    return item === undefined || item === "mark" ? fail() : item;
  }

  #pop(): Item {
    const item = this.#top();
    this.#stack.pop();
    return item;
  }

  #popMark(): void {
    const mark = this.#stack.lastIndexOf("mark");
    if (mark === -1) throw failed();
    this.#stack.length = mark;
  }

  #recall(index: number): void {
    this.#stack.push(this.#memo.get(index) ?? fail());
  }

  async #number(bytes: number): Promise<number> {
    const value = await this.#cursor.take(bytes);
    const number = bytes === 8 ? Number(value.readBigUInt64LE()) : value.readUIntLE(0, bytes);
    return Number.isSafeInteger(number) ? number : fail();
  }

  async #line(): Promise<string> {
    for (let length = 256; ; length *= 16) {
      const bytes = await this.#cursor.peek(length);
      const end = bytes.indexOf(0x0a);
      if (end >= 0) return (await this.#cursor.take(end + 1)).toString("utf8", 0, end);
      if (bytes.length < length) throw failed();
      // So long a line of one opcode is there to be skipped over.
      if (length > MAX_LINE_BYTES) throw new End(true);
    }
  }
}

function fail(): never {
  throw failed();
}

/** Texts are UTF-8, in which Python lets surrogates pass. */
function assertText(bytes: Buffer): void {
  if (!bytes.includes(0xed) && !Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes)) throw failed();
}

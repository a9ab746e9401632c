import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ProvenanceError, type ProvenanceErrorCode } from "./errors.ts";

/** What a file should be that somebody names. */
export interface GivenFile {
  /** How a sentence of it begins, before its path: "The list". */
  readonly what: string;
  readonly maxBytes: number;
  /** Of the error: `OPTION_INVALID` if not given. */
  readonly code?: ProvenanceErrorCode;
  /** What to do, as a sentence, behind what is wrong. */
  readonly hint?: string;
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EISDIR: "is a folder, and should be a file",
  EACCES: "may not be read by this user",
  EPERM: "may not be read by this user",
  ELOOP: "is a link that leads to itself",
};
// Opening a FIFO would wait for ever.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file that whoever runs the command named, whole. A link is followed: they chose it.
 *
 * @throws {ProvenanceError} of the code that was given, with what is wrong: it is not there, a folder, a pipe, too large
 * @example
 * const bytes = await readGivenFile("models.txt", { what: "The list", maxBytes: 1024 * 1024 });
 */
export async function readGivenFile(path: string, given: GivenFile): Promise<Buffer> {
  return readFileOrFault(path, given.maxBytes, (fault, cause) => {
    const { what, code = "OPTION_INVALID", hint } = given;
    return new ProvenanceError(code, [`${what} ${path} ${fault}.`, hint].filter(Boolean).join(" "), { cause });
  });
}

/** As {@link readGivenFile}, for who has own words for the whole. @param refuse - makes the error of what is wrong */
export async function readFileOrFault(
  path: string,
  maxBytes: number,
  refuse: (fault: string, cause?: unknown) => Error,
): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, FLAGS);
    const stats = await file.stat();
    if (stats.isDirectory()) throw refuse(FAULTS["EISDIR"] as string);
    if (!stats.isFile()) throw refuse("is no regular file");
    if (stats.size > maxBytes) throw refuse(`has ${stats.size} bytes, more than the ${maxBytes} allowed`);
    return await readBounded(file, maxBytes, refuse);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || cause instanceof ProvenanceError) throw cause;
    throw refuse(FAULTS[code] ?? `cannot be read (${code})`, cause);
  } finally {
    await file?.close();
  }
}

/** To its end: a file may grow, and some say that they are empty. */
async function readBounded(file: FileHandle, maxBytes: number, refuse: (fault: string) => Error): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of file.createReadStream({ autoClose: false, end: maxBytes })) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
  }
  if (size > maxBytes) throw refuse(`has more than the ${maxBytes} bytes allowed`);
  return Buffer.concat(parts);
}

import { toUtf8 } from "../bytes.ts";

/** A form with one file, as it is sent. @see RFC 7578 */
export interface SentForm {
  /** Of the header `content-type`. */
  readonly type: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A file of a form: its bytes are sent piece by piece. */
export interface FormFile {
  readonly name: string;
  readonly type: string;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * Writes a form: fields first, then a file that is called `file`.
 *
 * @param fields - names and values without quotes and line breaks
 */
export function writeForm(file: FormFile, fields: Readonly<Record<string, string>> = {}): SentForm {
  const boundary = `form-${Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 12)).join("-")}`;
  const disposition = (name: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (const [name, value] of Object.entries(fields)) yield toUtf8(`${disposition(name)}\r\n\r\n${value}\r\n`);
    yield toUtf8(`${disposition("file")}; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`);
    yield* file.pieces;
    yield toUtf8(`\r\n--${boundary}--\r\n`);
  }
  return { type: `multipart/form-data; boundary=${boundary}`, body: pieces() };
}

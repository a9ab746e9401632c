import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { ProvenanceError } from "../base/errors.ts";
import type { SentLog } from "../publish/sending/sending.ts";
import type { Hex } from "../base/hex.ts";
import { type Attempt, attemptSchema } from "../publish/journal/journal-schema.ts";
import { AppendFile } from "./append-file.ts";

/** Which registry something was prepared for, and by which account: metadata are signed for both. */
export interface ImportPlace {
  /** CAIP-10. */
  readonly registry: string;
  readonly creator: string;
}

const digest = z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{64}$/)]);
const place = { registry: z.string(), creator: z.string() };

const modelLineSchema = z.strictObject({
  kind: z.literal("model"),
  repository: z.string(),
  revision: z.string(),
  /** All columns, as they are written. */
  cells: z.array(z.string()),
  modelDigest: digest,
  weightsDigest: digest,
  license: z.string().optional(),
  /** Every file was fetched and compared with its digest. */
  downloaded: z.boolean(),
  /** Where it is to be recorded; absent where it was only looked at. */
  staged: z.strictObject({ ...place, metadataDigest: digest }).optional(),
});

const batchLineSchema = z.strictObject({
  kind: z.literal("batch"),
  ...place,
  root: digest,
  contentDigest: digest,
  /** In the order of the batch. */
  members: z.array(z.strictObject({ modelDigest: digest, metadataDigest: digest, reference: z.string().optional() })),
});

const sentLineSchema = z.strictObject({ kind: z.literal("sent"), root: digest, sent: z.array(attemptSchema) });

const recordedLineSchema = z.strictObject({
  kind: z.literal("recorded"),
  ...place,
  repository: z.string(),
  /** The branch, tag or commit that was asked for; absent for the default branch. */
  reference: z.string().optional(),
  revision: z.string(),
  modelDigest: digest,
  weightsDigest: digest,
  license: z.string().optional(),
});

const lineSchema = z.discriminatedUnion("kind", [modelLineSchema, batchLineSchema, sentLineSchema, recordedLineSchema]);

/** What became of a model: inspected, and prepared for a registry where there is one. */
export type ModelLine = z.infer<typeof modelLineSchema>;
/** A batch that its publisher agreed to, written before it is pinned and sent. */
export type BatchLine = z.infer<typeof batchLineSchema>;
/** A model that a registry holds, in the state that it had then: what `--watch` compares with. */
export type RecordedLine = z.infer<typeof recordedLineSchema>;
type Line = z.infer<typeof lineSchema>;

const READ_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

/**
 * What an import has done, a line of JSON a step, written as it happens: after any interruption, kill -9 included, the
 * next run goes on from there. A line that broke off is left out, and so the step is done again. What it says of models
 * stays in the file; only where it stands is kept in memory.
 */
export class ImportState {
  readonly #file: FileHandle;
  #end: AppendFile;
  readonly #models = new Map<string, readonly [offset: number, length: number]>();
  readonly #batches: BatchLine[] = [];
  readonly #sent = new Map<string, readonly Attempt[]>();
  readonly #recorded = new Map<string, RecordedLine>();

  private constructor(file: FileHandle) {
    this.#file = file;
    this.#end = new AppendFile(file, 0);
  }

  /**
   * Opens the state at a path, or begins one.
   *
   * @throws {ProvenanceError} `OPTION_INVALID` where it cannot be read or written
   */
  static async open(path: string): Promise<ImportState> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, "a+", 0o600);
      const state = new ImportState(file);
      await state.#load();
      return state;
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
      throw new ProvenanceError("OPTION_INVALID", `The state ${path} cannot be used (${reason}).`, { cause });
    }
  }

  /**
   * What was found of a revision before, at least as thoroughly: as it was prepared for this place, else as it was only
   * looked at. Undefined where it has to be read (again).
   */
  async findModel(
    { repository, revision }: Pick<ModelLine, "repository" | "revision">,
    where: ImportPlace | undefined,
    downloaded: boolean,
  ): Promise<ModelLine | undefined> {
    const staged = this.#models.get(modelKey(repository, revision, where));
    const found = staged ?? this.#models.get(modelKey(repository, revision, undefined));
    if (found === undefined) return undefined;
    const [offset, length] = found;
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, offset);
    const line = parseLine(buffer);
    return line?.kind === "model" && (line.downloaded || !downloaded) ? line : undefined;
  }

  /** The batches for a place, oldest first. */
  batches({ registry, creator }: ImportPlace): readonly BatchLine[] {
    return this.#batches.filter((batch) => batch.registry === registry && batch.creator === creator);
  }

  /** What was sent to anchor a batch, and what became of it: each attempt is on the disk before a node hears of it. */
  sentLog(root: Hex): SentLog {
    const entry = { sent: this.#sent.get(root) ?? [] };
    return {
      entry,
      update: async ({ sent }) => {
        await this.add({ kind: "sent", root, sent });
        await this.sync();
        entry.sent = sent;
      },
    };
  }

  /** What is recorded, the latest line a repository, reference and registry. */
  recorded(): readonly RecordedLine[] {
    return [...this.#recorded.values()];
  }

  /** Tells whether a line says already that a revision is recorded. */
  isRecorded(what: Omit<RecordedLine, "kind">): boolean {
    const line = this.#recorded.get(recordedKey(what));
    return line?.revision === what.revision && line.modelDigest === what.modelDigest;
  }

  /** Writes a step down. */
  async add(line: Line): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#index(line, await this.#end.append(bytes), bytes.length - 1);
  }

  /** Makes sure that what was written outlives a power cut. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #load(): Promise<void> {
    let rest = Buffer.alloc(0);
    let offset = 0;
    const piece = Buffer.alloc(READ_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await this.#file.read(piece, 0, READ_BYTES, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      rest = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END, start)) {
        const line = parseLine(rest.subarray(start, end));
        if (line !== undefined) this.#index(line, offset + start, end - start);
        start = end + 1;
      }
      offset += start;
      rest = rest.subarray(start);
    }
    this.#end = new AppendFile(this.#file, offset + rest.length);
    // A line that broke off ends here, so that the next one stands on its own.
    if (rest.length > 0) await this.#end.append(Buffer.of(LINE_END));
  }

  #index(line: Line, offset: number, length: number): void {
    if (line.kind === "batch") this.#batches.push(line);
    else if (line.kind === "sent") this.#sent.set(line.root, line.sent);
    else if (line.kind === "recorded") this.#recorded.set(recordedKey(line), line);
    else this.#models.set(modelKey(line.repository, line.revision, line.staged), [offset, length]);
  }
}

function parseLine(bytes: Uint8Array): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function modelKey(repository: string, revision: string, where: ImportPlace | undefined): string {
  return [repository, revision, where?.registry ?? "", where?.creator ?? ""].join("\n");
}

function recordedKey({ repository, reference = "", registry }: Omit<RecordedLine, "kind">): string {
  return [repository, reference, registry].join("\n");
}

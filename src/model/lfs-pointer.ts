import { ProvenanceError } from "../base/errors.ts";

/** What a Git LFS pointer stands for. */
export interface LfsPointer {
  /** SHA-256 of the content, 64 hex digits. */
  readonly sha256: string;
  /** Size of the content in bytes. */
  readonly size: number;
}

/**
 * What to do with a Git LFS pointer: warn and hash it as the file it is, take digest and size from it, or refuse the
 * model because its content is not there.
 */
export type LfsPointerPolicy = "warn" | "accept" | "refuse";

/** The pointers among a model's files. */
export interface FoundPointers {
  /** By file name; only those to take digest and size from. */
  readonly pointers: ReadonlyMap<string, LfsPointer>;
  readonly warnings: readonly string[];
}

/** A larger file is no pointer. */
export const LFS_POINTER_MAX_BYTES = 1024;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\noid sha256:([0-9a-f]{64})\nsize ([1-9]\d{0,15})\n$/;
// What stands in place of content that a program keeps elsewhere: of Git LFS whatever the version, with extensions, another line
// end, or the name it had before. @see git-lfs docs/spec.md; git-xet, pointer files version 0; git-annex internals/pointer_file
const PROGRAMS: readonly (readonly [name: string, form: RegExp, get: string])[] = [
  ["Git LFS", /^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\//, "git lfs pull"],
  ["Xet", /^# xet version \d/, "git xet checkout"],
  ["git-annex", /^\/annex\/objects\/[^\n]+(\n|$)/, "git annex get"],
];
const MAX_NAMED = 5;

/**
 * Parses a Git LFS pointer: exactly version, oid and size, as Git LFS writes them. A pointer with extensions names
 * the digest of something else than the file's content and is none here.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function parseLfsPointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length > LFS_POINTER_MAX_BYTES) return undefined;
  const match = POINTER.exec(toLatin1(bytes));
  const size = Number(match?.[2]);
  return match !== null && Number.isSafeInteger(size) ? { sha256: match[1] as string, size } : undefined;
}

/**
 * Looks for pointers of Git LFS, Xet and git-annex among the small files of a model. Digest and size can be taken from those of
 * Git LFS alone.
 *
 * @param read - reads a file of at most 1024 bytes
 * @throws {ProvenanceError} `MODEL_INCOMPLETE` if pointers are refused and there is one, `MODEL_UNREADABLE`,
 *   `MODEL_CHANGED`, `MODEL_UNSUPPORTED_ENTRY`
 */
export function findLfsPointers<File extends { readonly name: string; readonly size: number }>(
  files: readonly File[],
  policy: LfsPointerPolicy,
  read: (file: File) => Uint8Array,
): FoundPointers {
  const pointers = new Map<string, LfsPointer>();
  const warnings: string[] = [];
  const refused: string[] = [];
  for (const file of files) {
    if (file.size === 0 || file.size > LFS_POINTER_MAX_BYTES) continue;
    const bytes = read(file);
    const program = PROGRAMS.find(([, form]) => form.test(toLatin1(bytes)));
    if (program === undefined) continue;
    const pointer = parseLfsPointer(bytes);
    if (policy === "refuse") refused.push(file.name);
    else if (policy === "accept" && pointer !== undefined) pointers.set(file.name, pointer);
    else warnings.push(describe(file.name, policy, program));
  }
  if (refused.length > 0) throw incomplete(refused);
  return { pointers, warnings };
}

function describe(name: string, policy: "warn" | "accept", [program, , get]: (typeof PROGRAMS)[number]): string {
  return policy === "warn"
    ? `${name} is a ${program} pointer, not its content, and was hashed as the file it is: run ${get}.`
    : `${name} looks like a ${program} pointer, but is not of the form that can be taken for its content: it was hashed as the file it is.`;
}

function incomplete(names: readonly string[]): ProvenanceError {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  return new ProvenanceError(
    "MODEL_INCOMPLETE",
    `${names.slice(0, MAX_NAMED).join(", ")}${more}: a pointer of Git LFS, Xet or git-annex, not content, and only content is recorded. Fetch the content (git lfs pull), or leave it out with IGNORE_PATHS.`,
  );
}

/** Each byte as the character of its number. */
function toLatin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** A file, and its name relative to what was picked. */
export interface PickedFile {
  /** POSIX, as the browser gives it: NFD where the system writes so. */
  readonly name: string;
  readonly file: File;
}

/** What somebody dropped or chose: one file, or a folder with its files. */
export interface Picked {
  readonly kind: "file" | "folder";
  readonly name: string;
  readonly files: readonly PickedFile[];
  /** Small JSON files that lay beside it: a claim, a lock, a bundle. */
  readonly beside: readonly PickedFile[];
}

interface Top {
  readonly kind: "file" | "folder";
  readonly name: string;
  readonly files: readonly PickedFile[];
}

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
const DOCUMENT = /(^|\.)model-provenance(\.lock)?\.json$|\.lock\.json$|\.sig$|\.sigstore\.json$/i;

/**
 * Reads what was dropped. Folders are read to their end: a browser gives 100 entries at a time.
 *
 * @returns undefined where nothing of it is a file
 */
export async function readDropped(data: DataTransfer): Promise<Picked | undefined> {
  // Entries have to be taken before anything is waited for: the browser empties the list then.
  const entries = Array.from(data.items).flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return toPicked(Array.from(data.files, toTop));
  return toPicked(await Promise.all(entries.map(readTop)));
}

/** Takes what was chosen: files, or one folder, whose name the browser puts before every path. */
export function readChosen(files: readonly File[]): Picked | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  if (first.webkitRelativePath === "") return toPicked(files.map(toTop));
  const name = first.webkitRelativePath.split("/")[0] as string;
  const inside = files.map((file) => ({ name: file.webkitRelativePath.slice(name.length + 1), file }));
  return { kind: "folder", name, files: inside, beside: [] };
}

function toTop(file: File): Top {
  return { kind: "file", name: file.name, files: [{ name: file.name, file }] };
}

function toPicked(tops: readonly Top[]): Picked | undefined {
  const isDocument = ({ kind, name, files }: Top) =>
    kind === "file" && DOCUMENT.test(name) && (files[0]?.file.size ?? 0) <= MAX_DOCUMENT_BYTES;
  const beside = tops.length > 1 ? tops.filter(isDocument) : [];
  const rest = tops.filter((top) => !beside.includes(top));
  const documents = beside.flatMap(({ files }) => files);
  const [only] = rest;
  if (only === undefined) return documents.length === 0 ? undefined : toPicked(beside.slice(0, 1));
  if (rest.length === 1) return { ...only, beside: documents };
  const files = rest.flatMap((top) =>
    top.kind === "file" ? top.files : top.files.map(({ name, file }) => ({ name: `${top.name}/${name}`, file })),
  );
  // Several things that were picked together are what lies in one folder.
  return { kind: "folder", name: "", files: [...files, ...documents], beside: [] };
}

async function readTop(entry: FileSystemEntry): Promise<Top> {
  if (entry.isFile) {
    return { kind: "file", name: entry.name, files: [{ name: entry.name, file: await fileOf(entry) }] };
  }
  const files: PickedFile[] = [];
  await readFolder(entry as FileSystemDirectoryEntry, "", files);
  return { kind: "folder", name: entry.name, files };
}

async function readFolder(folder: FileSystemDirectoryEntry, prefix: string, into: PickedFile[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (entries.length === 0) return;
    for (const entry of entries) {
      const name = prefix + entry.name;
      if (entry.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, `${name}/`, into);
      else into.push({ name, file: await fileOf(entry) });
    }
  }
}

async function fileOf(entry: FileSystemEntry): Promise<File> {
  return new Promise((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
}

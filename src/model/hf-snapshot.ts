import type { BigIntStats } from "node:fs";
import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import leftOut from "./left-out.json" with { type: "json" };
import { type ModelFile, toModelFile } from "./walk-folder.ts";

const MARKER_MAX_BYTES = 64;
const REPOSITORY = /^(models|datasets|spaces)--./;

/**
 * Finds the `blobs` folder of the repository that a snapshot of the Hugging Face cache belongs to
 * (`…/models--org--name/snapshots/<revision>`, or a folder below); undefined for any other path.
 */
export function findBlobsFolder(path: string): string | undefined {
  const parts = path.split(sep);
  for (let i = parts.length - 2; i > 0; i--) {
    if (parts[i] !== "snapshots" || !REPOSITORY.test(parts[i - 1] as string)) continue;
    return [...parts.slice(0, i), "blobs"].join(sep);
  }
  return undefined;
}

/**
 * Follows a link of a Hugging Face cache snapshot to the blob it stands for. The link must lead straight to a regular
 * file in the `blobs` folder of its own repository, or to a blob there that is a link into the cache's shared store; any
 * other link to a link, one to another repository or by way of another folder is refused. The blob's name is not believed: its content is what will be hashed.
 *
 * @param name - of the file in the model
 * @param path - where the link lies, without symbolic links on the way
 * @param blobs - the folder of its own repository; undefined where the model is no snapshot
 * @throws {ProvenanceError} `MODEL_UNSUPPORTED_ENTRY` that says what is wrong with the link, or `MODEL_CHANGED`
 */
export async function followSnapshotLink(name: string, path: string, blobs: string | undefined): Promise<ModelFile> {
  if (blobs === undefined) throw refused(name, "and does not lie in a snapshot of a Hugging Face cache");
  const [text, link] = await Promise.all([readlink(path), lstat(path, { bigint: true })]).catch((cause: unknown) => {
    throw new ProvenanceError("MODEL_CHANGED", `${path} vanished while the model was being listed. Run again.`, {
      cause,
    });
  });
  const target = resolve(dirname(path), text);
  if (dirname(target) !== blobs) throw refused(name, `that leads to ${text}, not to its own repository's blobs folder`);
  // `folder/../../blobs/x` would end elsewhere if the folder were a link: only the direct way is taken.
  if (text !== target && text !== relative(dirname(path), target)) {
    throw refused(name, `that takes a way round to its blob (${text})`);
  }
  if (!(await statOf(blobs))?.isDirectory()) throw refused(name, "and its repository's blobs folder is no folder");
  const first = await statOf(target);
  if (first === undefined) throw refused(name, `that leads nowhere: ${text} is missing. Download the model again`);
  const shared = first.isSymbolicLink() ? await followSharedBlob(target, dirname(dirname(blobs))) : undefined;
  if (first.isSymbolicLink() && shared === undefined) throw refused(name, `that leads to another link (${text})`);
  const content = shared ?? target;
  const stats = shared === undefined ? first : await statOf(shared);
  if (!stats?.isFile()) throw refused(name, `that leads to something that is no regular file (${text})`);
  return { ...toModelFile(name, content, stats), link: toModelFile(name, path, link).identity };
}

/**
 * Follows the one further link that a blob may be: straight into the store of blobs that the repositories of one cache share,
 * which is marked as such, and to a name of that store's form.
 *
 * @returns undefined for any other link
 */
async function followSharedBlob(blob: string, cache: string): Promise<string | undefined> {
  const { folder, marker, content, name } = leftOut.sharedBlobs;
  const store = join(cache, folder);
  const text = await readlink(blob).catch(() => "");
  const target = resolve(dirname(blob), text);
  if (text !== target && text !== relative(dirname(blob), target)) return undefined;
  if (!new RegExp(name).test(relative(store, target).split(sep).join("/"))) return undefined;
  for (const path of [store, dirname(target)]) if (!(await statOf(path))?.isDirectory()) return undefined;
  const mark = await statOf(join(store, marker));
  if (!mark?.isFile() || mark.size > MARKER_MAX_BYTES) return undefined;
  const said = await readFile(join(store, marker), "utf8").catch(() => "");
  return said.trimEnd() === content ? target : undefined;
}

/**
 * Takes a path that is itself a link of a snapshot: a single file, named as the link is.
 *
 * @returns undefined for any other path
 * @throws {ProvenanceError} as {@link followSnapshotLink}
 */
export async function findLinkedFile(path: string): Promise<{ path: string; file: ModelFile } | undefined> {
  const absolute = resolve(path);
  const folder = await realpath(dirname(absolute)).catch(() => undefined);
  const blobs = folder && findBlobsFolder(folder);
  if (!folder || !blobs) return undefined;
  const link = join(folder, basename(absolute));
  if (!(await statOf(link))?.isSymbolicLink()) return undefined;
  return { path: link, file: await followSnapshotLink(basename(link), link, blobs) };
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  return lstat(path, { bigint: true }).catch(() => undefined);
}

function refused(name: string, why: string): ProvenanceError {
  return new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${name} is a symbolic link ${why}.`);
}

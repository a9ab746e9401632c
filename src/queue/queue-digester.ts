import { type DigestFiles, digestFiles } from "../model/hashing/digest-files.ts";
import { type FileDigest, LEAF_BYTES } from "../model/hashing/file-digester.ts";
import type { FileToHash } from "../model/hashing/plan.ts";
import { AskedWork } from "./asked-work.ts";
import { type FileJob, type FileJobResult, fromText, keyOfFile, toFileJob } from "./file-work.ts";
import type { QueueDatabase } from "./queue-database.ts";

/** Smaller files are hashed where they are listed: asking for them would take longer. */
const SMALL_BYTES = 4 * LEAF_BYTES;
/** The leaves of a longer file are hashed in parts of this length, beside the digest of the whole. */
const RANGE_BYTES = 1024 * LEAF_BYTES;

/**
 * Has files hashed by the workers of a queue: those that can read them under the path that they have here.
 *
 * @param onNobody - told where none takes what waits
 */
export function queueDigester(
  database: QueueDatabase,
  onNobody: () => void,
): { readonly digest: DigestFiles; readonly close: () => Promise<void> } {
  const work = new AskedWork(database, { queue: "file", abandoned: "MODEL_UNREADABLE", onNobody });
  const ask = async (file: FileToHash, job: FileJob) => (await work.ask(keyOfFile(job, file), job)) as FileJobResult;

  const digestOne = async (file: FileToHash, leaves: boolean): Promise<FileDigest> => {
    const ranges = leaves && file.size > RANGE_BYTES ? rangesOf(file) : [];
    const [whole, ...parts] = await Promise.all([
      ask(file, toFileJob(file, leaves && ranges.length === 0)),
      ...ranges.map(async (range) => ask(file, toFileJob(file, true, range))),
    ]);
    const inParts = parts.map((part) => fromText(part.leaves ?? ""));
    const leafDigests = ranges.length > 0 ? Buffer.concat(inParts) : whole.leaves && fromText(whole.leaves);
    return {
      sha256: whole.sha256 ?? "",
      size: file.size,
      ...(leafDigests && { leafDigests }),
      ...(whole.pieces !== undefined && { pieceDigests: fromText(whole.pieces) }),
    };
  };
  return {
    digest: async (files, { leaves = false, onBytes }) => {
      const isSmall = ({ size }: FileToHash) => size < SMALL_BYTES;
      const small = digestFiles(files.filter(isSmall), { leaves, ...(onBytes && { onBytes }) });
      const large = files
        .filter((file) => !isSmall(file))
        .map(async (file) => {
          const digest = await digestOne(file, leaves);
          onBytes?.(file.size);
          return digest;
        });
      const [here, there] = await Promise.all([small, Promise.all(large)]);
      const [nextHere, nextThere] = [here.values(), there.values()];
      return files.map((file) => (isSmall(file) ? nextHere : nextThere).next().value as FileDigest);
    },
    close: async () => work.close(),
  };
}

function rangesOf({ size }: FileToHash): NonNullable<FileJob["range"]>[] {
  return Array.from({ length: Math.ceil(size / RANGE_BYTES) }, (_, i) => {
    return { start: i * RANGE_BYTES, end: Math.min(size, (i + 1) * RANGE_BYTES) };
  });
}

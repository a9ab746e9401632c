import type { FilePieces } from "model-provenance-nft/core";
import { type FileDigest, digestFile } from "./digest-file.ts";

/** What a worker is given: files of which it says the digests, in their order. */
export interface HashTask {
  readonly files: readonly File[];
  /** Of each, the pieces that get digests of their own. */
  readonly pieces: readonly (FilePieces | undefined)[];
  /** Whether each MiB of them gets one as well. */
  readonly withLeaves: boolean;
}

/** What it says: bytes that were read, and in the end the digests, or why there are none. */
export type HashReply =
  | { readonly kind: "bytes"; readonly bytes: number }
  | { readonly kind: "done"; readonly digests: readonly FileDigest[] }
  | { readonly kind: "failed"; readonly file: number; readonly name: string };

const say = (reply: HashReply) => postMessage(reply);

onmessage = ({ data }: MessageEvent<HashTask>) => void hashAll(data);

async function hashAll({ files, pieces, withLeaves }: HashTask): Promise<void> {
  const digests: FileDigest[] = [];
  let bytes = 0;
  for (const [i, file] of files.entries()) {
    try {
      const onBytes = (more: number) => {
        bytes += more;
        if (bytes < 1024 * 1024) return; // Small files are told together.
        say({ kind: "bytes", bytes });
        bytes = 0;
      };
      digests.push(await digestFile(file, onBytes, { pieces: pieces[i], withLeaves }));
    } catch (error) {
      return say({ kind: "failed", file: digests.length, name: (error as Error).name });
    }
  }
  say({ kind: "bytes", bytes });
  say({ kind: "done", digests });
}

import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { ProvenanceError } from "../../base/errors.ts";
import { type ModelFile, describeFile, resolveModelPath, walkFolder } from "../walk-folder.ts";
import { DEFAULT_IGNORE_PATHS, isWithin } from "./oms-path.ts";

/** What is to be found in a model. */
export interface ListOmsFilesOptions {
  /** Relative paths to leave out, each with all below it, beside the default ones. */
  readonly ignorePaths: readonly string[];
  /** Names of signed files: they are found even where a path to ignore covers them. */
  readonly signed?: ReadonlySet<string>;
  /** Look for the signed files only. */
  readonly onlySigned?: boolean;
  readonly followSymlinks?: boolean;
}

/** The files of a model by OMS's rules, in name order; the one file of a single-file model is named ".". */
export interface OmsListing {
  readonly kind: "file" | "folder";
  /** Last component of the model's path. */
  readonly baseName: string;
  readonly files: readonly ModelFile[];
  readonly warnings: readonly string[];
}

/**
 * Lists the files of a model as OMS does: everything below the folder but the paths to ignore.
 *
 * @throws {ProvenanceError} as {@link walkFolder}, and `MODEL_NOT_FOUND`
 * @see OMS specification v1.0, sections 6.1 and 6.2
 */
export async function listOmsFiles(path: string, options: ListOmsFilesOptions): Promise<OmsListing> {
  const root = await resolveModelPath(path);
  const stats = await lstat(root);
  const baseName = basename(root);
  if (stats.isFile()) {
    return { kind: "file", baseName, files: [describeFile(".", root)], warnings: [] };
  }
  if (!stats.isDirectory()) {
    throw new ProvenanceError("MODEL_UNSUPPORTED_ENTRY", `${path} is neither a regular file nor a folder.`);
  }

  const ignored = new Set([...DEFAULT_IGNORE_PATHS, ...options.ignorePaths]);
  const signed = options.signed ?? new Set<string>();
  const foldersOfSigned = new Set([...signed].flatMap(foldersAbove));
  const { files, warnings } = await walkFolder(root, {
    followSymlinks: options.followSymlinks ?? false,
    exclude: ({ name, kind }) => {
      if (signed.has(name) || (kind !== "file" && foldersOfSigned.has(name))) return undefined;
      return options.onlySigned || isWithin(name, ignored) ? "ignored" : undefined;
    },
  });
  return { kind: "folder", baseName, files, warnings };
}

function foldersAbove(name: string): string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

import { ProvenanceError } from "../base/errors.ts";
import { CLAIM_NAME } from "./claim-name.ts";
import { reasonToLeaveOut } from "./left-out.ts";
import { OMS_BUNDLE_NAME } from "./oms-bundle-form.ts";
import { assertResourceName } from "./resource-name.ts";
import { compareNames } from "./resource.ts";

/** Something that lies in the folder and is not part of the model. */
export interface ExcludedEntry {
  readonly name: string;
  readonly reason: "git" | "download cache" | "claim" | "OMS bundle" | "ignored by choice";
}

/**
 * Says why an entry of a folder is no part of the model; undefined where it is one.
 *
 * @param entry - `name` relative to the model
 * @param ignored - paths ignored by choice, as {@link normalizeIgnorePaths} writes them
 * @param isByContent - looks into a file with the name of a claim or an OMS bundle, for one of the model may be called so
 * @throws {ProvenanceError} `RESOURCE_NAME_INVALID`
 */
export function reasonToExclude(
  { name, kind }: { readonly name: string; readonly kind: "file" | "folder" | "link" | "other" },
  ignored: ReadonlySet<string>,
  isByContent: (reason: "claim" | "OMS bundle") => Promise<boolean>,
): ExcludedEntry["reason"] | undefined | Promise<ExcludedEntry["reason"] | undefined> {
  if (ignored.has(name)) return "ignored by choice";
  const leftOut = reasonToLeaveOut(name, kind === "folder");
  if (leftOut !== undefined) return leftOut;
  const named = name === CLAIM_NAME ? "claim" : name === OMS_BUNDLE_NAME ? "OMS bundle" : undefined;
  if (named !== undefined) return isByContent(named).then((holds) => (holds ? named : undefined));
  assertResourceName(name);
  return undefined;
}

/** Writes paths to ignore in one form, each once and in name order. @throws {ProvenanceError} `RESOURCE_NAME_INVALID` */
export function normalizeIgnorePaths(paths: readonly string[]): string[] {
  const normalized = paths.map((path) => path.replace(/^\.\//, "").replace(/\/+$/, ""));
  normalized.forEach(assertResourceName);
  return [...new Set(normalized)].sort(compareNames);
}

/** Says that nothing of a folder is a file of a model. */
export function emptyModel(path: string, excluded: readonly ExcludedEntry[]): ProvenanceError {
  const left = excluded.length === 0 ? "" : ` (left out: ${excluded.map(({ name }) => name).join(", ")})`;
  return new ProvenanceError("MODEL_EMPTY", `${path} holds no file to record${left}. Point at the model's folder.`);
}

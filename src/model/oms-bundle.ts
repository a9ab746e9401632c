import { lstat, readFile } from "node:fs/promises";
import { OMS_BUNDLE_MAX_BYTES, isOmsBundleContent } from "./oms-bundle-form.ts";

/**
 * Tells whether a path is a regular file of at most 16 MiB that holds a Sigstore bundle with a DSSE
 * envelope, the form of an OMS signature. Anything else under its name is a file of the model.
 */
export async function isOmsBundle(path: string): Promise<boolean> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || stats.size > OMS_BUNDLE_MAX_BYTES) return false;
    return isOmsBundleContent(await readFile(path));
  } catch {
    return false;
  }
}

import { lstat, readFile } from "node:fs/promises";

/** Name under which OMS clients leave their signature in a model's folder. */
export const OMS_BUNDLE_NAME = "model.sig";
/** A larger file under its name is a file of the model. */
export const OMS_BUNDLE_MAX_BYTES = 16 * 1024 * 1024;
const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.bundle/;

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

/** Tells whether bytes are a Sigstore bundle with a DSSE envelope. */
export function isOmsBundleContent(bytes: Uint8Array): boolean {
  if (bytes.length > OMS_BUNDLE_MAX_BYTES) return false;
  try {
    const bundle = JSON.parse(Buffer.from(bytes).toString("utf8")) as { mediaType?: unknown; dsseEnvelope?: unknown };
    return (
      typeof bundle.mediaType === "string" &&
      MEDIA_TYPE.test(bundle.mediaType) &&
      typeof bundle.dsseEnvelope === "object" &&
      bundle.dsseEnvelope !== null
    );
  } catch {
    return false;
  }
}

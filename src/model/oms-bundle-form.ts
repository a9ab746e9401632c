/** Name under which OMS clients leave their signature in a model's folder. */
export const OMS_BUNDLE_NAME = "model.sig";
/** A larger file under its name is a file of the model. */
export const OMS_BUNDLE_MAX_BYTES = 16 * 1024 * 1024;
const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.bundle/;

/** Tells whether bytes are a Sigstore bundle with a DSSE envelope. */
export function isOmsBundleContent(bytes: Uint8Array): boolean {
  if (bytes.length > OMS_BUNDLE_MAX_BYTES) return false;
  try {
    const bundle = JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)) as {
      mediaType?: unknown;
      dsseEnvelope?: unknown;
    };
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

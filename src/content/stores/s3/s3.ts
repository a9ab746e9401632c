import { ProvenanceError } from "../../../base/errors.ts";
import { option, readServiceUrl, requireValue, secret, text } from "../../../base/option.ts";
import { answers, defineStore } from "../store-definition.ts";

const options = {
  s3Bucket: text("s3-bucket", "S3_BUCKET", "bucket that blocks are put into"),
  s3Endpoint: option("s3-endpoint", "S3_ENDPOINT", "S3 service; else AWS", readServiceUrl),
  s3Region: text("s3-region", "S3_REGION", "region of the bucket; else us-east-1"),
  s3AccessKeyId: secret("s3-access-key-id", "S3_ACCESS_KEY_ID", "access key; else AWS's own rules find one"),
  s3SecretAccessKey: secret("s3-secret-access-key", "S3_SECRET_ACCESS_KEY", "its secret"),
  s3Prefix: text("s3-prefix", "S3_PREFIX", "what the keys of blocks begin with; else ipfs/"),
};

/** A bucket with S3's API. */
export const s3 = defineStore({
  name: "s3",
  role: "provider",
  public: false, // IPFS does not look into buckets
  options,
  open: async (values) => {
    const { s3Endpoint: endpoint, s3Region: region, s3Prefix: prefix } = values;
    const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = values;
    if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
      const fault = "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both.";
      throw new ProvenanceError("OPTION_MISSING", fault);
    }
    const { S3Store } = await import("./s3-store.ts");
    return new S3Store({
      bucket: requireValue(options.s3Bucket, values.s3Bucket),
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
      ...(prefix !== undefined && { prefix }),
      ...(accessKeyId !== undefined &&
        secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
    });
  },
  doctor: answers,
});

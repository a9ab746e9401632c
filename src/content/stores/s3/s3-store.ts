import type * as AwsS3 from "@aws-sdk/client-s3";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";
import { loadOptional } from "../../../base/optional-package.ts";
import { forEachBlock } from "../../car/block-list.ts";
import { giveBack } from "../../buffer-pool.ts";
import { type Block, MAX_BLOCK_BYTES, bytesMatchCid } from "../../cid.ts";
import type { Blocks, ContentStore, PinOptions, ReadOptions } from "../../content-store.ts";
import { assertConfidential } from "../../../base/http/confidential.ts";
import { timeoutFor } from "../../../base/http/http-client.ts";
import { type HttpService, failureOfConnection, failureOfStatus, redact } from "../../../base/http/http-failure.ts";
import {
  type RetryOptions,
  TransientFailure,
  throwIfInterrupted,
  untilGivenUp,
  withRetries,
} from "../../../base/http/retry.ts";

/** A bucket of a service with S3's API, and how it is reached. */
export interface S3StoreOptions extends RetryOptions {
  readonly bucket: string;
  /** Of a service other than AWS. */
  readonly endpoint?: string;
  /** `us-east-1` unless given, which most services take. */
  readonly region?: string;
  /** Never shown; where they are left out, AWS's own rules find them (environment, profile, role of the machine). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What keys begin with; `ipfs/` unless given. */
  readonly prefix?: string;
  /** Milliseconds for one request and its answer, 60 000 unless given. */
  readonly timeout?: number;
}

const BLOCKS_AT_ONCE = 8;
const BLOCK_TYPE = "application/vnd.ipld.raw";
const ADVICE: Readonly<Record<number, string>> = {
  301: "The bucket is in another region: check S3_REGION and S3_ENDPOINT.",
  400: "Check S3_REGION, S3_ENDPOINT and the credentials.",
  401: "Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.",
  403: "Check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, and that they may read and write the bucket.",
  404: "There is no such bucket: check S3_BUCKET and S3_ENDPOINT.",
};

/**
 * A bucket with S3's API (Storj, Filebase, MinIO, R2, AWS): every block is an object named by its CID, and is checked
 * against it when it is read. Where the bucket may be read by everybody, it is a gateway for single blocks.
 *
 * @example
 * const store = new S3Store({ bucket: "models", endpoint: "https://gateway.storjshare.io", credentials });
 * @see docs/storage.md
 */
export class S3Store implements ContentStore {
  readonly name = "s3";
  /** IPFS does not look into buckets. */
  readonly public = false;
  readonly #options: S3StoreOptions;
  readonly #service: HttpService;
  #client: Promise<Commands> | undefined;

  /** @throws {ProvenanceError} `OPTION_INVALID` for an endpoint in the clear */
  constructor(options: S3StoreOptions) {
    this.#options = options;
    const { bucket, endpoint, credentials } = options;
    if (endpoint !== undefined) assertConfidential(new URL(endpoint), "S3");
    this.#service = {
      name: `The bucket ${bucket}`,
      secrets: credentials === undefined ? [] : [credentials.secretAccessKey],
      advise: (status) => ADVICE[status],
    };
  }

  /** Puts the blocks that are not there, some at once. */
  async pin(_root: CID, blocks: Blocks, { signal }: PinOptions = {}): Promise<void> {
    await forEachBlock(blocks, BLOCKS_AT_ONCE, async (block) => {
      // Who may write and not list is refused here where nothing is; whether that is so, writing tells.
      const size = await this.#sizeOf(block.cid, signal).catch(ignoreRefusal);
      if (size !== block.bytes.length) await this.#put(block, signal);
      giveBack(block.bytes);
    });
  }

  async get(cid: CID, { maxBytes = MAX_BLOCK_BYTES, signal }: ReadOptions = {}): Promise<Uint8Array> {
    const { GetObjectCommand } = await this.#commands();
    const read = async ({ client }: Commands, abortSignal: AbortSignal) => {
      const { Body, ContentLength } = await client.send(new GetObjectCommand(this.#objectOf(cid)), { abortSignal });
      // A larger object is no block of ours, and is not read; nor is one that does not say how large it is.
      return ContentLength === undefined || ContentLength > maxBytes ? new Uint8Array() : Body?.transformToByteArray();
    };
    const bytes = await untilGivenUp(signal, async () => this.#send(read, signal));
    if (bytes === undefined) {
      const text = `The bucket ${this.#options.bucket} does not hold ${cid.toString()}. Pin it again.`;
      throw new ProvenanceError("STORE_BLOCK_MISSING", text);
    }
    if (bytesMatchCid(cid, bytes)) return bytes;
    const text = `${this.#objectOf(cid).Key} in the bucket ${this.#options.bucket} does not hold what its name says. Delete it and pin again.`;
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", text);
  }

  async has(cid: CID): Promise<boolean> {
    return (await this.#sizeOf(cid)) !== undefined;
  }

  async #sizeOf(cid: CID, signal?: AbortSignal): Promise<number | undefined> {
    const { HeadObjectCommand } = await this.#commands();
    return this.#send(async ({ client }, abortSignal) => {
      const answer = await client.send(new HeadObjectCommand(this.#objectOf(cid)), { abortSignal });
      return answer.ContentLength ?? 0;
    }, signal);
  }

  async #put({ cid, bytes }: Block, signal?: AbortSignal): Promise<void> {
    const { PutObjectCommand } = await this.#commands();
    const object = { ...this.#objectOf(cid), Body: bytes, ContentLength: bytes.length, ContentType: BLOCK_TYPE };
    const done = await this.#send(async ({ client }, abortSignal) => {
      await client.send(new PutObjectCommand(object), { abortSignal });
      return true;
    }, signal);
    if (done !== undefined) return;
    throw failureOfStatus(this.#service, 404, "");
  }

  /** Sends a command, again after failures that may pass. Undefined where the service says that there is no such thing. */
  async #send<T>(
    work: (commands: Commands, abortSignal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const commands = await this.#commands();
    return withRetries(
      async () => {
        const timeout = AbortSignal.timeout(timeoutFor(MAX_BLOCK_BYTES, this.#options));
        try {
          return await work(commands, signal === undefined ? timeout : AbortSignal.any([timeout, signal]));
        } catch (error) {
          throwIfInterrupted(signal);
          return this.#explain(error);
        }
      },
      this.#options,
      signal,
    );
  }

  /** The package's errors hold the request, with its signature: nothing of them but status and name goes on. */
  #explain(error: unknown): undefined {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (status === 404 && name !== "NoSuchBucket") return undefined;
    if (name === "CredentialsProviderError") {
      const text = "There are no credentials for S3: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.";
      throw new ProvenanceError("OPTION_MISSING", text);
    }
    if (status === undefined || status < 300) {
      const { code } = error as { code?: string };
      throw failureOfConnection(this.#service, new Error(code ?? redact(message, this.#service)));
    }
    const failure = failureOfStatus(this.#service, status, name === String(status) ? "" : name);
    throw name === "SlowDown" && !(failure instanceof TransientFailure) ? new TransientFailure(failure) : failure;
  }

  #objectOf(cid: CID): { readonly Bucket: string; readonly Key: string } {
    const { bucket, prefix = "ipfs/" } = this.#options;
    return { Bucket: bucket, Key: `${prefix}${cid.toString()}` };
  }

  async #commands(): Promise<Commands> {
    return (this.#client ??= loadCommands(this.#options));
  }
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof ProvenanceError) || error.code !== "STORE_REFUSED") throw error;
}

type Commands = Pick<typeof AwsS3, "GetObjectCommand" | "HeadObjectCommand" | "PutObjectCommand"> & {
  readonly client: AwsS3.S3Client;
};

/** Loads AWS's package, which is installed only where S3 is used. @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING` */
async function loadCommands(options: S3StoreOptions): Promise<Commands> {
  const { endpoint, region = "us-east-1", credentials } = options;
  const load = async () => import("@aws-sdk/client-s3");
  const loaded = await loadOptional(load, "S3 is reached with AWS's own package", "@aws-sdk/client-s3");
  const client = new loaded.S3Client({
    region,
    maxAttempts: 1, // We try again ourselves.
    // Others do not know the checksums that AWS adds; the bytes are checked by their CID.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
  return { ...loaded, client };
}

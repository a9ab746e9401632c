import type { CID } from "multiformats/cid";
import type { FileListItem, PinataSDK } from "pinata";
import { z } from "zod";
import { ProvenanceError } from "../../../base/errors.ts";
import { type Dag, assertReiterable, wrapLinks } from "../../car/block-list.ts";
import { CarSource, measureCar } from "../../car/car-source.ts";
import { MAX_BLOCK_BYTES, bytesMatchCid } from "../../cid.ts";
import type { Blocks, ContentStore, PinOptions, ReadOptions } from "../../content-store.ts";
import { assertConfidential } from "../../../base/http/confidential.ts";
import { HttpClient, type HttpLimits } from "../../../base/http/http-client.ts";
import { type HttpService, failureOfAnswer } from "../../../base/http/http-failure.ts";
import { CAR_TYPE, carName, keepsAnother } from "./kept.ts";
import { PINATA_URLS, callPinata, isPinataUpload, pinataService } from "./pinata-service.ts";
import { untilGivenUp, withRetries } from "../../../base/http/retry.ts";
import { uploadByTus } from "./tus-upload.ts";
import type { UploadJournal } from "../upload-journal.ts";

/** An account at Pinata, and how it is reached. */
export interface PinataStoreOptions extends HttpLimits {
  /** The key's JWT, with the scopes Files: Write and Files: Read. Never shown. */
  readonly jwt: string;
  /** A dedicated gateway, `https://….mypinata.cloud`, that blocks are read from; else Pinata's public one. */
  readonly gateway?: string;
  readonly apiUrl?: string;
  readonly uploadUrl?: string;
  /** What is longer, in bytes, goes up resumably, in pieces of that length; 50 MiB and one byte unless given. */
  readonly chunkBytes?: number;
  /** Where large uploads are noted, so that a later run goes on with them. */
  readonly journal?: UploadJournal;
}

// Held in memory, with the copy that is sent. The vendor's package cuts pieces of this size; the service takes no more
// than 100 MB in one request.
const CHUNK_BYTES = 50 * 1024 * 1024 + 1;

const savedUpload = z.object({ url: z.url(), size: z.number(), sha256: z.string() });

/**
 * Pinata, by its v3 API: our CAR goes to the public network, so that the CID is ours whatever its own way to cut files.
 *
 * @example
 * const store = new PinataStore({ jwt: process.env.PINATA_JWT });
 * await store.pin(root, blocks);
 */
export class PinataStore implements ContentStore {
  readonly name = "pinata";
  readonly public = true;
  readonly #options: PinataStoreOptions;
  readonly #service: HttpService;
  readonly #client: HttpClient;
  readonly #gateway: HttpClient;
  #sdk: Promise<PinataSDK> | undefined;

  /** @throws {ProvenanceError} `OPTION_INVALID` for a URL that would send the JWT in the clear */
  constructor(options: PinataStoreOptions) {
    this.#options = options;
    this.#service = pinataService(options.jwt);
    const authorization = { Authorization: `Bearer ${options.jwt}` };
    if (options.apiUrl !== undefined) assertConfidential(new URL(options.apiUrl), this.#service.name);
    this.#client = new HttpClient(this.#service, options.uploadUrl ?? PINATA_URLS.upload, authorization, options);
    this.#gateway = new HttpClient({ name: "Pinata's gateway" }, options.gateway ?? PINATA_URLS.gateway, {}, options);
  }

  async pin(root: CID, blocks: Blocks, { linksOnly = false, signal }: PinOptions = {}): Promise<void> {
    assertReiterable(blocks);
    // A service that keeps all that is linked would look for the rest of a model for ever.
    const dag = linksOnly ? await wrapLinks(blocks) : { root, blocks };
    if (await this.#isPinned(dag.root, signal)) return;
    const { pieces, ...measure } = await measureCar(dag, this.#options.chunkBytes ?? CHUNK_BYTES);
    const answered =
      pieces === undefined
        ? await this.#uploadLarge(dag, measure, signal)
        : await this.#uploadSmall(dag.root, pieces, measure.size, signal);
    await this.#assertKept(dag.root, answered, signal);
  }

  /** Reads a block through the gateway. */
  async get(cid: CID, { maxBytes = MAX_BLOCK_BYTES, signal }: ReadOptions = {}): Promise<Uint8Array> {
    const url = `ipfs/${cid.toString()}?format=raw`;
    const headers = { Accept: "application/vnd.ipld.raw" };
    const { status, bytes } = await untilGivenUp(signal, async () =>
      this.#gateway.request({ url, headers, maxBytes, accept: [404, 410], signal }),
    );
    if (status !== 200) {
      throw new ProvenanceError("STORE_BLOCK_MISSING", `Pinata's gateway does not have ${cid.toString()}.`);
    }
    if (bytesMatchCid(cid, bytes)) return bytes;
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", `Pinata's gateway gave other bytes for ${cid.toString()}.`);
  }

  /** Tells whether the account has pinned that root. */
  async has(cid: CID): Promise<boolean> {
    return this.#isPinned(cid);
  }

  async #isPinned(root: CID, signal?: AbortSignal): Promise<boolean> {
    const cid = root.toString();
    const list = await this.#call(async (sdk) => sdk.files.public.list().cid(cid).limit(1), 0, signal);
    // An empty list may be written as null.
    return ((list.files as FileListItem[] | null) ?? []).some((file) => file.cid === cid);
  }

  async #uploadSmall(root: CID, pieces: readonly Uint8Array[], size: number, signal?: AbortSignal): Promise<string> {
    const file = new File(pieces as Uint8Array<ArrayBuffer>[], carName(root), { type: CAR_TYPE });
    const answer = await this.#call(
      async (sdk) => sdk.upload.public.file(file).car().name(carName(root)),
      size,
      signal,
    );
    return answer?.cid;
  }

  async #uploadLarge(
    dag: Dag,
    measure: { readonly size: number; readonly sha256: string },
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const { journal, uploadUrl = PINATA_URLS.upload, chunkBytes = CHUNK_BYTES } = this.#options;
    const entry = `pinata-${dag.root.toString()}`;
    const saved = await journal?.read(entry, savedUpload);
    const source = new CarSource(dag);
    try {
      const name = carName(dag.root);
      const cid = await uploadByTus({
        client: this.#client,
        endpoint: `${uploadUrl.replace(/\/$/, "")}/files`,
        source,
        size: measure.size,
        metadata: { filename: name, filetype: CAR_TYPE, network: "public", car: "true" },
        chunkBytes,
        ...(saved?.sha256 === measure.sha256 && { savedUrl: saved.url }),
        onCreated: async (url) => journal?.write(entry, { url, ...measure }),
        isTrusted: (url) => isPinataUpload(url, new URL(uploadUrl)),
        signal,
      });
      await journal?.remove(entry);
      return cid;
    } finally {
      await source.close();
    }
  }

  /** What the service says it keeps must be what we sent; where it said nothing, its list must have it. */
  async #assertKept(root: CID, answered: string | undefined, signal?: AbortSignal): Promise<void> {
    const cid = root.toString();
    if (answered === cid) return;
    if (answered === undefined || answered === "pending") {
      await withRetries(
        async () => {
          if (await this.#isPinned(root, signal)) return;
          throw failureOfAnswer(this.#service, `it took all of ${cid} and does not list it yet`);
        },
        this.#options,
        signal,
      );
      return;
    }
    throw keepsAnother(root, answered);
  }

  async #call<T>(work: (sdk: PinataSDK) => Promise<T>, bytes: number, signal?: AbortSignal): Promise<T> {
    const { jwt, apiUrl = PINATA_URLS.api, uploadUrl = PINATA_URLS.upload } = this.#options;
    this.#sdk ??= import("pinata").then(
      (pinata) => new pinata.PinataSDK({ pinataJwt: jwt, endpointUrl: apiUrl, uploadUrl }),
    );
    const sdk = await this.#sdk;
    return withRetries(
      async () => callPinata(this.#service, [apiUrl, uploadUrl], this.#options, async () => work(sdk), bytes, signal),
      this.#options,
      signal,
    );
  }
}

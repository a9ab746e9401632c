import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { readClaim } from "../model/claim.ts";
import { parseArweaveKey } from "../content/stores/arweave-key.ts";
import { ArweaveStore } from "../content/stores/arweave-store.ts";
import type { ContentStore } from "../content/content-store.ts";
import { KUBO_DEFAULT_API_URL, KuboStore } from "../content/stores/kubo-store.ts";
import { MultiStore } from "../content/stores/multi-store.ts";
import { PinataStore } from "../content/stores/pinata-store.ts";
import { PinningServiceStore } from "../content/stores/pinning-service-store.ts";
import { S3Store } from "../content/stores/s3-store.ts";
import { UploadJournal } from "../content/stores/upload-journal.ts";
import { isLocalChain } from "./chain-connection.ts";
import { DEFAULT_STORE_PATH, openLocalStore } from "./open-local-store.ts";
import { type OptionValues, required } from "./options.ts";
import type { PINNING_OPTIONS } from "./options/pinning.ts";
import type { StoreName } from "./options/store.ts";
import type { Terminal } from "./terminal.ts";

type PinningOptions = OptionValues<(typeof PINNING_OPTIONS)[number] | "modelPath">;
type StoreMessages = Pick<Terminal, "note" | "warn">;
type OpenStore = (options: PinningOptions, messages: StoreMessages) => ContentStore | Promise<ContentStore>;

const OPENERS: Record<StoreName, OpenStore> = {
  local: openLocalStore,
  kubo: openKubo,
  pinata: openPinata,
  psa: openPinningService,
  arweave: openArweave,
  s3: openS3,
};

/** The store that metadata is read from. */
export function openReadingStore(options: OptionValues<"storePath">): ContentStore {
  return openLocalStore(options);
}

/**
 * The store that metadata is pinned to: one, or several as one. On a public chain the local store must be asked for by
 * name, for nobody else could fetch from it.
 *
 * @param messages - where a store says what it pays, and what it leaves out
 * @throws {ProvenanceError} `STORE_NOT_PUBLIC`, `OPTION_MISSING` for what a store needs, `OPTION_INVALID` for stores
 *   that cannot stand alone
 */
export async function openPinningStore(
  options: PinningOptions,
  chainId: bigint,
  messages: StoreMessages,
): Promise<ContentStore> {
  if (options.store === undefined && !isLocalChain(chainId)) {
    throw new ProvenanceError(
      "STORE_NOT_PUBLIC",
      "The local store is on this machine only: nobody could fetch the metadata of a token on a public chain. " +
        "Set STORE=pinata or another, or STORE=local to pin there all the same, and publish the folder by other means.",
    );
  }
  const names = options.store ?? ["local"];
  const stores: ContentStore[] = [];
  for (const name of names) stores.push(await OPENERS[name](options, messages));
  assertProvided(stores, options);
  if (!isLocalChain(chainId) && !stores.some((store) => store.public && store.role !== "copy")) {
    messages.warn(
      `The chain is public, and nobody finds on IPFS what is pinned in ${names.join(" and ")} alone: see to it that others can.`,
    );
  }
  return stores.length === 1 ? (stores[0] as ContentStore) : new MultiStore(stores);
}

/** A follower needs a provider that IPFS can reach; a copy needs any. */
function assertProvided(stores: readonly ContentStore[], { psaElsewhere = false }: PinningOptions): void {
  const roles = (role: string) => stores.filter((store) => (store.role ?? "provider") === role);
  const providers = roles("provider");
  if (roles("follower").length > 0 && !providers.some((store) => store.public) && !psaElsewhere) {
    const text =
      "STORE=psa pins by CID alone: the service fetches the blocks from a store that provides them on IPFS. Name one " +
      "beside it (STORE=pinata,psa), or set PSA_ELSEWHERE=1 where another node of yours has the content.";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  if (roles("copy").length > 0 && providers.length === 0) {
    const text =
      "STORE=arweave keeps a further copy of the metadata, and no model. Name a store beside it (STORE=pinata,arweave).";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
}

function openKubo({ kuboApiUrl = KUBO_DEFAULT_API_URL, kuboApiAuth: auth }: PinningOptions): ContentStore {
  return new KuboStore({ apiUrl: kuboApiUrl, ...(auth !== undefined && { auth }) });
}

function openPinata(options: PinningOptions): ContentStore {
  const { pinataGateway: gateway, pinataApiUrl: apiUrl, pinataUploadUrl: uploadUrl } = options;
  return new PinataStore({
    jwt: required(options, "pinataJwt"),
    ...(gateway !== undefined && { gateway }),
    ...(apiUrl !== undefined && { apiUrl }),
    ...(uploadUrl !== undefined && { uploadUrl }),
    journal: openJournal(options),
  });
}

function openPinningService(options: PinningOptions): ContentStore {
  const { psaOrigins: origins, psaTimeout: seconds } = options;
  return new PinningServiceStore({
    url: required(options, "psaUrl"),
    token: required(options, "psaToken"),
    ...(origins && { origins }),
    ...(seconds !== undefined && { deadline: seconds * 1000 }),
  });
}

async function openArweave(options: PinningOptions, messages: StoreMessages): Promise<ContentStore> {
  const path = required(options, "arweaveKeyFile");
  const json = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new ProvenanceError("OPTION_INVALID", `ARWEAVE_KEY_FILE ${path} cannot be read (${cause.code}).`, { cause });
  });
  const { arweaveUrl: url, arweaveMaxPrice: maxPrice, modelPath } = options;
  return new ArweaveStore({
    key: parseArweaveKey(json),
    ...(url !== undefined && { url }),
    ...(maxPrice !== undefined && { maxPrice }),
    // A model that was minted elsewhere brings a claim that names its copies: the bytes are checked.
    findCopies: async () => (modelPath && (await readClaim(modelPath, "folder"))?.metadataCopies) || [],
    journal: openJournal(options),
    ...messages,
  });
}

function openS3(options: PinningOptions): ContentStore {
  const { s3Endpoint: endpoint, s3Region: region, s3Prefix: prefix } = options;
  const { s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = options;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new ProvenanceError("OPTION_MISSING", "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both.");
  }
  return new S3Store({
    bucket: required(options, "s3Bucket"),
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(prefix !== undefined && { prefix }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  });
}

// In the local store's folder, so that one path says where this machine keeps things.
function openJournal({ storePath = DEFAULT_STORE_PATH }: PinningOptions): UploadJournal {
  return new UploadJournal(join(storePath, "uploads"));
}

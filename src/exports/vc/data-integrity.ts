import { loadOptional } from "../../base/optional-package.ts";

/** Who signs a credential, and when they say they did. */
export interface ProofOptions {
  /** The id of the verification method. */
  readonly method: string;
  /** Signs with the Ed25519 key. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  /** ISO 8601. */
  readonly created: string;
}

/**
 * Adds a Data Integrity proof (eddsa-rdfc-2022) to a credential.
 *
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING`
 */
export async function signCredential<T extends object>(
  credential: T,
  { method, sign, created }: ProofOptions,
): Promise<T & { readonly proof: object }> {
  const { vc, DataIntegrityProof, cryptosuite } = await loadSuite();
  const signer = { algorithm: "Ed25519", id: method, sign: ({ data }: { data: Uint8Array }) => sign(data) };
  const suite = new DataIntegrityProof({ signer, cryptosuite, date: created });
  // It checks the dates of what it signs against `now`: a record that was revoked is still exported, as one that ended.
  const now = new Date(created);
  return (await vc.issue({
    credential: structuredClone(credential),
    suite,
    documentLoader: refuseAll(vc),
    now,
  })) as T & {
    readonly proof: object;
  };
}

/**
 * Verifies a Data Integrity proof by a key.
 *
 * @returns what is wrong with it; undefined: nothing
 * @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING`
 */
export async function verifyCredential(
  credential: object,
  { method, multikey }: { readonly method: string; readonly multikey: string },
): Promise<string | undefined> {
  const { vc, DataIntegrityProof, cryptosuite } = await loadSuite();
  const [did = ""] = method.split("#");
  const key = { type: "Multikey", id: method, controller: did, publicKeyMultibase: multikey };
  const documents: Readonly<Record<string, object>> = {
    [did]: {
      "@context": "https://www.w3.org/ns/did/v1",
      id: did,
      assertionMethod: [method],
      verificationMethod: [key],
    },
    [method]: { "@context": "https://w3id.org/security/multikey/v1", ...key },
  };
  const documentLoader: LoadDocument = async (url) => {
    const document = documents[url];
    return document === undefined ? vc.defaultDocumentLoader(url) : { contextUrl: null, documentUrl: url, document };
  };
  // When it ends, and what stands now, is asked of the chain: here its proof alone is looked at.
  const { validFrom } = credential as { validFrom?: string };
  const now = new Date(validFrom ?? 0);
  const checkStatus = () => ({ verified: true });
  const suite = new DataIntegrityProof({ cryptosuite });
  const { verified, error } = await vc.verifyCredential({ credential, suite, documentLoader, now, checkStatus });
  return verified ? undefined : ([error?.errors ?? error].flat()[0]?.message ?? "it does not verify");
}

/** What is used of the packages, which bring no types. */
interface Suite {
  readonly vc: {
    readonly issue: (options: SuiteOptions) => Promise<object>;
    readonly verifyCredential: (
      options: SuiteOptions,
    ) => Promise<{ readonly verified: boolean; readonly error?: Error & { errors?: readonly Error[] } }>;
    readonly defaultDocumentLoader: LoadDocument;
  };
  readonly DataIntegrityProof: new (options: object) => object;
  readonly cryptosuite: object;
}

type LoadDocument = (url: string) => Promise<unknown>;

interface SuiteOptions {
  readonly credential: object;
  readonly suite: object;
  readonly documentLoader: LoadDocument;
  readonly now?: Date;
  readonly checkStatus?: () => { readonly verified: boolean };
}

const PACKAGES = [
  "@digitalbazaar/vc",
  "@digitalbazaar/data-integrity",
  "@digitalbazaar/eddsa-rdfc-2022-cryptosuite",
] as const;

/** Loads the suite, which is large and needed for this alone. @throws {ProvenanceError} `OPTIONAL_PACKAGE_MISSING` */
export async function loadSuite(): Promise<Suite> {
  // Names that are computed, for the packages bring no types.
  const load = async () => Promise.all(PACKAGES.map(async (name) => import(name) as Promise<unknown>));
  const why = "Data Integrity proofs are made by W3C's own suite";
  const [vc, { DataIntegrityProof }, { cryptosuite }] = (await loadOptional(load, why, ...PACKAGES)) as [
    Suite["vc"],
    Pick<Suite, "DataIntegrityProof">,
    Pick<Suite, "cryptosuite">,
  ];
  return { vc, DataIntegrityProof, cryptosuite };
}

/** Contexts come with the suite: nothing is fetched. */
function refuseAll(vc: Suite["vc"]): LoadDocument {
  return async (url: string) => vc.defaultDocumentLoader(url);
}

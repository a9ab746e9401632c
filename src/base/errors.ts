/** Why an operation failed. Callers switch on this, never on the message. */
export type ProvenanceErrorCode =
  // the model's folder
  | "MODEL_NOT_FOUND"
  | "MODEL_EMPTY"
  | "MODEL_UNREADABLE"
  | "MODEL_CHANGED"
  | "MODEL_INCOMPLETE"
  | "MODEL_UNSUPPORTED_ENTRY"
  | "RESOURCE_NAME_INVALID"
  | "CLAIM_NAME_TAKEN"
  | "MODEL_HEADER_INVALID"
  // what the publisher states
  | "OPTION_MISSING"
  | "OPTION_INVALID"
  | "CONFIRMATION_MISSING"
  | "INTERRUPTED"
  // the metadata
  | "METADATA_TOO_LARGE"
  | "METADATA_INVALID"
  | "METADATA_DIGEST_MISMATCH"
  // files that a verifier writes: registries, policy
  | "CONFIG_INVALID"
  // the proof of a single file, or of one model of a batch
  | "PROOF_INVALID"
  // what was approved
  | "LOCK_INVALID"
  // the proof of a record, to be checked without a network
  | "PACK_INVALID"
  // vouchers
  | "VOUCHER_INVALID"
  | "OFFER_INVALID"
  | "RECEIPT_INVALID"
  | "MARKET_NOT_FOUND"
  // OMS bundles
  | "OMS_BUNDLE_INVALID"
  | "OMS_UNSUPPORTED"
  | "OMS_SIGNATURE_INVALID"
  | "OMS_CERTIFICATE_INVALID"
  | "OMS_IDENTITY_MISMATCH"
  | "OMS_FILES_DIFFER"
  | "OPTIONAL_PACKAGE_MISSING"
  // the Hugging Face Hub
  | "HUB_UNREACHABLE"
  | "QUEUE_UNREACHABLE"
  | "WORKER_MISMATCHED"
  | "SEAL_LOST"
  | "HUB_RATE_LIMITED"
  | "HUB_TOKEN_INVALID"
  | "HUB_REPO_INVALID"
  | "HUB_REPO_NOT_FOUND"
  | "HUB_REPO_PRIVATE"
  | "HUB_REPO_GATED"
  | "HUB_REPO_DISABLED"
  | "HUB_REPO_EMPTY"
  | "HUB_REVISION_NOT_FOUND"
  | "HUB_FILE_NOT_FOUND"
  | "HUB_ANSWER_INVALID"
  | "REGISTRATIONS_INVALID"
  // the content store
  | "STORE_BLOCK_MISSING"
  | "STORE_BLOCK_CORRUPT"
  | "STORE_FAILED"
  | "STORE_REFUSED"
  | "STORE_NOT_PUBLIC"
  // fetching a model
  | "CONTENT_NOT_PINNED"
  | "MODEL_REVOKED"
  | "RECORD_CONTRADICTS"
  | "TARGET_TAKEN"
  | "TARGET_FAILED"
  // a record in other people's forms
  | "EXPORT_TOO_LARGE"
  | "EXPORT_INVALID"
  | "CREDENTIAL_INVALID"
  // what the publisher's machine remembers
  | "STATE_FAILED"
  | "STATE_DAMAGED"
  // the chain
  | "REGISTRY_NOT_CONFIGURED"
  | "REGISTRY_NOT_FOUND"
  | "REGISTRY_TOO_LARGE"
  | "CHAIN_MISMATCH"
  | "CHAIN_UNREACHABLE"
  | "SIGNER_MISSING"
  | "SIGNER_MISMATCH"
  | "SIGNATURE_REFUSED"
  | "NOT_MINTER"
  | "PARENT_UNKNOWN"
  | "ANCHOR_UNKNOWN"
  | "BATCH_TOO_LARGE"
  | "ALREADY_MINTED"
  | "COST_TOO_HIGH"
  | "TRANSACTION_REFUSED"
  | "TRANSACTION_PENDING"
  | "TOKEN_UNKNOWN";

/** The one error class of the library: a code for programs, a message that says what was wrong and what to do. */
export class ProvenanceError extends Error {
  readonly code: ProvenanceErrorCode;

  constructor(code: ProvenanceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProvenanceError";
    this.code = code;
  }
}

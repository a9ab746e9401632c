import { expect } from "chai";
import { EXIT, type ExitCode, exitCodeOf, exitCodeOfError } from "../../../src/cli/exit-codes.ts";
import type { ProvenanceErrorCode } from "../../../src/base/errors.ts";
import type { Verdict } from "../../../src/verify/verify-model.ts";

// A code that is added to the union and not here fails to compile.
const BY_ERROR: Record<ProvenanceErrorCode, ExitCode> = {
  MODEL_NOT_FOUND: 2,
  MODEL_EMPTY: 2,
  MODEL_UNREADABLE: 4,
  MODEL_INCOMPLETE: 2,
  MODEL_CHANGED: 4,
  MODEL_HEADER_INVALID: 2,
  MODEL_UNSUPPORTED_ENTRY: 2,
  RESOURCE_NAME_INVALID: 2,
  CLAIM_NAME_TAKEN: 2,
  OPTION_MISSING: 2,
  OPTION_INVALID: 2,
  CONFIRMATION_MISSING: 2,
  INTERRUPTED: 130,
  METADATA_TOO_LARGE: 2,
  METADATA_INVALID: 4,
  METADATA_DIGEST_MISMATCH: 4,
  CONFIG_INVALID: 2,
  PROOF_INVALID: 2,
  LOCK_INVALID: 2,
  PACK_INVALID: 2,
  VOUCHER_INVALID: 2,
  OFFER_INVALID: 2,
  RECEIPT_INVALID: 2,
  MARKET_NOT_FOUND: 2,
  // `oms verify` answers these itself, with 1; elsewhere they are a fault in what was given.
  OMS_BUNDLE_INVALID: 2,
  OMS_UNSUPPORTED: 2,
  OMS_SIGNATURE_INVALID: 2,
  OMS_CERTIFICATE_INVALID: 2,
  OMS_IDENTITY_MISMATCH: 2,
  OMS_FILES_DIFFER: 2,
  OPTIONAL_PACKAGE_MISSING: 2,
  HUB_UNREACHABLE: 4,
  QUEUE_UNREACHABLE: 4,
  WORKER_MISMATCHED: 2,
  SEAL_LOST: 4,
  HUB_RATE_LIMITED: 4,
  HUB_TOKEN_INVALID: 2,
  HUB_REPO_INVALID: 2,
  HUB_REPO_NOT_FOUND: 2,
  HUB_REPO_PRIVATE: 2,
  HUB_REPO_GATED: 2,
  HUB_REPO_DISABLED: 2,
  HUB_REPO_EMPTY: 2,
  HUB_REVISION_NOT_FOUND: 2,
  HUB_FILE_NOT_FOUND: 2,
  HUB_ANSWER_INVALID: 4,
  REGISTRATIONS_INVALID: 2,
  STORE_BLOCK_MISSING: 4,
  STORE_BLOCK_CORRUPT: 4,
  STORE_FAILED: 4,
  STORE_REFUSED: 2,
  STORE_NOT_PUBLIC: 2,
  CONTENT_NOT_PINNED: 5,
  MODEL_REVOKED: 5,
  RECORD_CONTRADICTS: 5,
  TARGET_TAKEN: 2,
  TARGET_FAILED: 4,
  EXPORT_TOO_LARGE: 2,
  EXPORT_INVALID: 2,
  CREDENTIAL_INVALID: 2,
  STATE_FAILED: 4,
  STATE_DAMAGED: 2,
  REGISTRY_NOT_CONFIGURED: 2,
  REGISTRY_NOT_FOUND: 2,
  REGISTRY_TOO_LARGE: 2,
  CHAIN_MISMATCH: 2,
  CHAIN_UNREACHABLE: 4,
  SIGNER_MISSING: 2,
  SIGNER_MISMATCH: 2,
  SIGNATURE_REFUSED: 6,
  NOT_MINTER: 6,
  PARENT_UNKNOWN: 3,
  ANCHOR_UNKNOWN: 3,
  BATCH_TOO_LARGE: 6,
  ALREADY_MINTED: 6,
  COST_TOO_HIGH: 6,
  TRANSACTION_REFUSED: 6,
  TRANSACTION_PENDING: 4,
  TOKEN_UNKNOWN: 3,
};
const BY_VERDICT: Record<Verdict, ExitCode> = {
  verified: 0,
  mismatch: 1,
  "not-registered": 3,
  unchecked: 4,
  unacceptable: 5,
};

describe("exit codes", function () {
  for (const [code, expected] of Object.entries(BY_ERROR) as [ProvenanceErrorCode, ExitCode][]) {
    it(`${code} ends with ${expected}`, function () {
      expect(exitCodeOfError(code)).to.equal(expected);
    });
  }

  for (const [verdict, expected] of Object.entries(BY_VERDICT) as [Verdict, ExitCode][]) {
    it(`the verdict ${verdict} ends with ${expected}`, function () {
      expect(exitCodeOf(verdict)).to.equal(expected);
    });
  }

  it("are those that were promised, and no error ends with 0 or 1", function () {
    expect(Object.values(EXIT)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 130]);
    expect(Object.values(BY_ERROR)).to.not.include.members([0]);
    expect(Object.values(BY_ERROR)).to.not.include.members([1]);
  });
});

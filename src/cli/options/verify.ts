import {
  everyday,
  list,
  option,
  rare,
  readAddress,
  readDigest,
  invalid,
  readUrl,
  text,
  toggle,
} from "../../base/option.ts";
import { type AgentId, parseAgentId } from "../../verify/agent/agent-id.ts";

/** What is checked and how. */
export const VERIFY_OPTIONS = {
  tokenId: everyday(
    text("token", "TOKEN_ID", "the token the model should be: a number, 0x-hex, or the path of a model"),
  ),
  only: list("only", "VERIFY_ONLY", "check, or fetch, these files alone, by their recorded names, comma-separated"),
  exportProof: text("export-proof", "EXPORT_PROOF", "where to write the proof of the one file that VERIFY_ONLY names"),
  proofFile: text("proof", "PROOF_FILE", "check one file with this proof alone, without the metadata"),
  manifestRoot: option(
    "manifest-root",
    "MANIFEST_ROOT",
    "with PROOF_FILE: the root to trust, so that nothing is asked of the chain",
    readDigest,
  ),
  fast: toggle("fast", "VERIFY_FAST", "compare the model's CID instead of the digests of its files"),
  foreignContract: option(
    "foreign",
    "FOREIGN_CONTRACT",
    "compare with TOKEN_ID of this contract, which is not a ModelProvenanceNFT; proves less, and says what",
    readAddress,
  ),
  foreignOrigin: rare(
    option(
      "foreign-origin",
      "FOREIGN_ORIGIN",
      "with FOREIGN_CONTRACT or VERIFY_AGENT: a server for its file that may be asked although its address is private",
      readUrl,
    ),
  ),
  indexFile: text("index", "LINEAGE_INDEX", "file that keeps what lineage read, to go on from there"),
  policyFile: everyday(
    text("policy", "MODEL_POLICY", "YAML file with the rules that a record must keep (docs/policy.md)"),
    "model-policy.yaml",
  ),
  allowedCreators: everyday(
    list("creators", "MODEL_CREATORS", "accounts whose records are accepted, comma-separated"),
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  ),
  credentialFile: text(
    "credential",
    "CREDENTIAL_FILE",
    "a credential about the model: its proof, the record and the status, alone or beside MODEL_PATH",
  ),
  agent: option(
    "agent",
    "VERIFY_AGENT",
    "an agent (ERC-8004), eip155:<chain>:<registry>/<id>: the model that it says it runs, alone or beside MODEL_PATH",
    readAgentId,
  ),
  receiptFile: text("receipt", "RECEIPT_FILE", "check a receipt of an answer that a gate gave, and no model"),
  outputFile: text("output", "OUTPUT_FILE", "the answer that the receipt is said to be for"),
  lockFile: text("lock", "LOCK_FILE", "compare with what this lock file approves; no network is needed"),
  writeLock: text("write-lock", "WRITE_LOCK", "write what was verified to this lock file"),
  packFile: text("pack", "PACK_FILE", "verify with this pack alone, without a network; needs BLOCK_HASH"),
  blockHash: option("block-hash", "BLOCK_HASH", "with PACK_FILE: the hash of its block, as you trust it", readDigest),
} as const;

function readAgentId(value: string, name: string): AgentId {
  return parseAgentId(value) ?? invalid(name, value, "an agent, eip155:<chain>:<registry>/<id>");
}

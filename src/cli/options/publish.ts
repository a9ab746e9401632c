import { parseGwei } from "../../base/values.ts";
import { everyday, invalid, option, readWhole, text } from "../../base/option.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** How a model is published: what is remembered between runs, and how transactions are sent and waited for. */
export const PIPELINE_OPTIONS = {
  statePath: text("state-path", "STATE_PATH", "folder of the journals of what is sent; else .model-provenance/state"),
  confirmations: option(
    "confirmations",
    "CONFIRMATIONS",
    "blocks that the transaction must be deep, its own included; else 1",
    readWhole(1, 10_000),
  ),
  waitSeconds: option(
    "wait-seconds",
    "WAIT_SECONDS",
    "how long to wait for the transaction; else 600",
    readWhole(1, DAY_SECONDS),
  ),
  calldataOut: text(
    "calldata-out",
    "CALLDATA_OUT",
    "send nothing: write the call into this file, for the transaction builder of the Safe that --from names",
  ),
  ownerSignatures: text(
    "owner-signatures",
    "OWNER_SIGNATURES",
    "with --calldata-out: the file that collects the signatures of a Safe's owners, who run the same command one by one",
  ),
  maxFee: option("max-fee-gwei", "MAX_FEE_GWEI", "offer at most this for a unit of gas, in gwei", readGwei),
  rpcTimeout: option(
    "rpc-timeout",
    "RPC_TIMEOUT",
    "seconds after which a request to the node is given up; else 30",
    readWhole(1, 3600),
  ),
  batchPath: text(
    "batch",
    "BATCH_PATH",
    "every model of this list (.json or .jsonl), published in few transactions; one that is bad does not stop the others",
  ),
  concurrency: option(
    "batch-concurrency",
    "BATCH_CONCURRENCY",
    "models of a batch that are hashed or pinned at once; else 4",
    readWhole(1, 64),
  ),
  keystorePath: everyday(
    text("keystore", "KEYSTORE_PATH", "encrypted JSON keystore of the account; else PRIVATE_KEY is used"),
    "key.json",
  ),
  keystorePasswordFile: text(
    "keystore-password-file",
    "KEYSTORE_PASSWORD_FILE",
    "file with the keystore's password; asked for on a terminal otherwise",
  ),
} as const;

function readGwei(value: string, name: string): bigint {
  return parseGwei(value) ?? invalid(name, value, "a number of gwei, for example 30 or 0.05");
}

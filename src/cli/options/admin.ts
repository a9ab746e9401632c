import type { Status } from "../../registry/model-record.ts";
import type { Role } from "../../registry/roles.ts";
import { parseAddress } from "../../base/address.ts";
import { type Moment, parseEther, parseMoment } from "../../base/values.ts";
import { choice, everyday, invalid, list, option, readAddress, readDigest, text, toggle } from "../../base/option.ts";

// The library has these lists too, beside what takes long to load.
const ROLE_WORDS = ["admin", "minter", "curator"] as const satisfies readonly Role[];
const STATUS_WORDS = ["active", "deprecated", "revoked"] as const satisfies readonly Status[];

/** What an administrator, a creator or an owner changes in a registry. */
export const ADMIN_OPTIONS = {
  role: choice("role", "ROLE_NAME", `a role: ${ROLE_WORDS.join(", ")}`, ROLE_WORDS),
  account: option("account", "ACCOUNT_ADDRESS", "the account that is meant", readAddress),
  fromBlock: option("from-block", "FROM_BLOCK", "where to begin to read events; else the first block", readBlock),
  newStatus: choice("status", "MODEL_STATUS", `the status to set: ${STATUS_WORDS.join(", ")}`, STATUS_WORDS),
  reason: everyday(text("reason", "STATUS_REASON", "why; everybody can read it, for ever")),
  batchRoot: option("batch-root", "BATCH_ROOT", "Merkle root of an anchored batch", readDigest),
  batchCreator: option("batch-creator", "BATCH_CREATOR", "who anchored it; else the account that signs", readAddress),
  childToken: text("child-token", "CHILD_TOKEN", "the child: its token id, or the path of the model"),
  childRegistry: option(
    "child-registry",
    "CHILD_REGISTRY",
    "the child's registry where it is another one, eip155:<chain id>:<address>",
    readPlace,
  ),
  withdraw: toggle("withdraw", "WITHDRAW", "take the endorsement back"),
  until: option(
    "until",
    "GRANT_UNTIL",
    "when a grant ends: 2027-01-31, …T12:00Z, 30d, 12h, or a Unix time",
    readMoment,
  ),
  deadline: option(
    "deadline",
    "VOUCHER_DEADLINE",
    "until when a voucher or an offer can be used: 2027-01-31, …T12:00Z, 30d, 12h, or a Unix time",
    readMoment,
  ),
  voucherPath: text("voucher", "VOUCHER_PATH", "the file of a voucher"),
  defaultRoyalty: toggle("default", "DEFAULT_ROYALTY", "mean the royalty of all tokens without one of their own"),
  salePrice: option("price", "SALE_PRICE", "a sale price in ether, to compute what it owes", readPrice),
  payees: list("payee", "ROYALTY_PAYEES", "who shares a royalty and with which weight, 0x…=70, comma-separated"),
  splitterFactory: option(
    "splitter-factory",
    "SPLITTER_FACTORY",
    "the factory of splitters; else the one that Ignition recorded for the chain",
    readAddress,
  ),
  splitterSalt: option("salt", "SPLITTER_SALT", "tells splitters with equal payees and weights apart", readDigest),
  currency: option("currency", "CURRENCY_ADDRESS", "an ERC-20 token; else ether is meant", readAddress),
  validator: option("validator", "TRANSFER_VALIDATOR", "the contract that every transfer asks (ERC-721C)", readAddress),
  renderer: option("renderer", "RENDERER_ADDRESS", "the contract that draws the tokens", readAddress),
} as const;

function readBlock(value: string, name: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : invalid(name, value, "the number of a block");
}

function readMoment(value: string, name: string): Moment {
  const takes = "a time: 2027-01-31, 2027-01-31T12:00Z, 30d, 12h, or a Unix time in seconds";
  return parseMoment(value) ?? invalid(name, value, takes);
}

function readPrice(value: string, name: string): bigint {
  return parseEther(value) ?? invalid(name, value, "an amount of ether, for example 1.5");
}

/** Reads where a registry is, as CAIP-10 writes it. */
function readPlace(value: string, name: string): { chainId: bigint; address: string } {
  const [, chainId, account] = /^eip155:([1-9]\d{0,31}):(0x[0-9a-fA-F]{40})$/.exec(value) ?? [];
  const address = account === undefined ? undefined : parseAddress(account);
  if (chainId === undefined || address === undefined) {
    return invalid(name, value, "eip155:<chain id>:<address>, with a right checksum if any");
  }
  return { chainId: BigInt(chainId), address };
}

import { type JsonRpcProvider, type Provider, type Signer, Wallet } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { readGivenFile } from "../base/given-file.ts";
import { readNodeError } from "../base/node/node-error.ts";
import { NETWORKS } from "../registry/networks.ts";
import { askSecret } from "./ask-secret.ts";
import type { ChainConnection } from "./chain-connection.ts";
import { connectJsonRpc } from "./json-rpc-connection.ts";
import type { OptionValues } from "./options.ts";
import type { Variables } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

/** The variable with the private key of the account that mints. There is no flag for it: flags are seen by other processes. */
export const PRIVATE_KEY = "PRIVATE_KEY";

// Of a keystore, or a password.
const SECRET_FILE_MAX_BYTES = 1024 * 1024;

type SignerOptions = OptionValues<
  "network" | "rpcUrl" | "chainId" | "rpcTimeout" | "keystorePath" | "keystorePasswordFile"
>;

/**
 * Connects to a JSON-RPC node for sending: with the key of an encrypted keystore or of the environment, else with an
 * account of the node's own.
 *
 * @throws {ProvenanceError} as {@link connectJsonRpc}; its `getSigner` throws `SIGNER_MISSING`, `OPTION_INVALID`
 */
export async function connectJsonRpcSender(
  options: SignerOptions,
  environment: Variables,
  terminal: Terminal,
): Promise<ChainConnection> {
  const connection = await connectJsonRpc(options);
  const { provider } = connection;
  let opened: Promise<Wallet | undefined> | undefined;
  return {
    ...connection,
    getSigner: async (address) => {
      opened ??= openWallet(options, findPrivateKey(options, environment), terminal);
      const wallet = await opened;
      return wallet === undefined ? nodeSigner(provider, address) : checkAddress(wallet.connect(provider), address);
    },
  };
}

/**
 * The private key that is set, also as Hardhat names it for a network that is named.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` where both are set, and differ
 */
export function findPrivateKey({ network }: OptionValues<"network">, environment: Variables): string | undefined {
  const own = NETWORKS.find(({ name }) => name === network);
  const names = [PRIVATE_KEY, ...(own === undefined ? [] : [`${own.prefix}_${PRIVATE_KEY}`])];
  const keys = new Set(names.flatMap((name) => environment[name]?.trim() || []));
  if (keys.size <= 1) return [...keys][0];
  const text = `${names.join(" and ")} hold two keys. Unset one, so that it is clear who signs.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}

async function openWallet(
  { keystorePath, keystorePasswordFile }: SignerOptions,
  privateKey: string | undefined,
  terminal: Terminal,
): Promise<Wallet | undefined> {
  if (keystorePath === undefined) return privateKey ? walletOfKey(privateKey) : undefined;
  if (privateKey) {
    const text = `KEYSTORE_PATH and ${PRIVATE_KEY} are both set. Unset one, so that it is clear who signs.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  const json = await readText(keystorePath, "KEYSTORE_PATH");
  const password = await readPassword(keystorePasswordFile, terminal);
  try {
    return (await Wallet.fromEncryptedJson(json, password)) as Wallet;
  } catch (error) {
    // What ethers says may hold the password.
    const isWrong = /incorrect password/i.test((error as Error).message);
    const fault = isWrong ? "The password does not open" : "This is no encrypted JSON keystore:";
    throw new ProvenanceError("SIGNER_MISSING", `${fault} ${keystorePath}.`);
  }
}

async function readPassword(path: string | undefined, terminal: Terminal): Promise<string> {
  // A line break at the end is the editor's.
  if (path !== undefined) return (await readText(path, "KEYSTORE_PASSWORD_FILE")).replace(/\r?\n$/, "");
  if (terminal.interactive) return askSecret("Password of the keystore: ");
  const text = "The keystore needs a password and nobody can be asked. Set KEYSTORE_PASSWORD_FILE.";
  throw new ProvenanceError("SIGNER_MISSING", text);
}

function walletOfKey(key: string): Wallet {
  if (/^(0x)?[0-9a-f]{64}$/i.test(key)) {
    try {
      return new Wallet(key.startsWith("0x") ? key : `0x${key}`);
    } catch {
      // Out of the curve's range: told as any other malformed key, and never shown.
    }
  }
  throw new ProvenanceError("OPTION_INVALID", `${PRIVATE_KEY} does not hold a private key of 64 hex digits.`);
}

async function nodeSigner(provider: Provider, address: string | undefined): Promise<Signer> {
  const answer: unknown = await (provider as JsonRpcProvider).send("eth_accounts", []).catch((error: unknown) => {
    if (readNodeError(error).kind === "refused") return []; // a node that signs for nobody
    throw error;
  });
  const accounts = Array.isArray(answer) ? answer.map((account) => String(account).toLowerCase()) : [];
  const chosen = address?.toLowerCase() ?? accounts[0];
  if (chosen !== undefined && accounts.includes(chosen)) return (provider as JsonRpcProvider).getSigner(chosen);
  const whom = address === undefined ? "an account" : `the account ${address}`;
  const text = `The node does not sign for ${whom}. Set KEYSTORE_PATH to an encrypted JSON keystore, or ${PRIVATE_KEY}.`;
  throw new ProvenanceError("SIGNER_MISSING", text);
}

function checkAddress(wallet: Wallet, address: string | undefined): Wallet {
  if (address === undefined || wallet.address === address) return wallet;
  throw new ProvenanceError("SIGNER_MISSING", `The key is of ${wallet.address}, and MINT_FROM says ${address}.`);
}

async function readText(path: string, name: string): Promise<string> {
  return (await readGivenFile(path, { what: `${name}:`, maxBytes: SECRET_FILE_MAX_BYTES })).toString("utf8");
}

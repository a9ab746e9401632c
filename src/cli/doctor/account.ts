import { readFile } from "node:fs/promises";
import { computeAddress, getAddress } from "ethers";
import { PRIVATE_KEY, findPrivateKey } from "../json-rpc-signer.ts";
import type { OptionValues } from "../options.ts";
import type { Variables } from "../settings.ts";
import type { DoctorFinding } from "./finding.ts";

/** The account that would send, as far as its set-up names one. */
export interface FoundAccount {
  readonly address?: string;
  readonly findings: readonly DoctorFinding[];
}

/** Finds whose transactions would be sent. No password is asked for, and no key is shown. */
export async function findAccount(
  options: OptionValues<"network" | "mintFrom" | "keystorePath">,
  environment: Variables,
): Promise<FoundAccount> {
  const { mintFrom, keystorePath } = options;
  let key: string | undefined;
  try {
    key = findPrivateKey(options, environment);
  } catch (error) {
    return broken((error as Error).message);
  }
  if (key && keystorePath !== undefined) {
    return broken(`KEYSTORE_PATH and ${PRIVATE_KEY} are both set: unset one, so that it is clear who signs`);
  }
  const address = await readAddress(key, keystorePath);
  if (address === undefined) {
    return broken(
      key
        ? `${PRIVATE_KEY} does not hold a private key of 64 hex digits`
        : `KEYSTORE_PATH: ${keystorePath} is no encrypted JSON keystore`,
    );
  }
  if (address !== "" && mintFrom !== undefined && mintFrom !== address) {
    return broken(`the key is of ${address}, and MINT_FROM says ${mintFrom}`);
  }
  const sender = address === "" ? mintFrom : address;
  if (sender !== undefined) return { address: sender, findings: [] };
  const detail = `none is named (KEYSTORE_PATH, ${PRIVATE_KEY}, MINT_FROM) whose balance and role could be looked at; not needed to verify`;
  return { findings: [{ what: "account", state: "skipped", detail }] };
}

/** The address of the key that is set up; empty where none is, or where it does not say; undefined where it is none. */
async function readAddress(key: string | undefined, keystorePath: string | undefined): Promise<string | undefined> {
  if (keystorePath !== undefined) return addressOfKeystore(keystorePath);
  return key ? addressOfKey(key) : "";
}

function broken(detail: string): FoundAccount {
  return { findings: [{ what: "account", state: "fix", detail }] };
}

function addressOfKey(key: string): string | undefined {
  try {
    return computeAddress(key.startsWith("0x") ? key : `0x${key}`);
  } catch {
    return undefined;
  }
}

/** A keystore names its account beside what is encrypted. */
async function addressOfKeystore(path: string): Promise<string | undefined> {
  try {
    const keystore = JSON.parse(await readFile(path, "utf8")) as {
      address?: unknown;
      crypto?: unknown;
      Crypto?: unknown;
    };
    const { address, crypto = keystore.Crypto } = keystore;
    if (crypto === undefined) return undefined;
    return typeof address === "string" ? getAddress(address.startsWith("0x") ? address : `0x${address}`) : "";
  } catch {
    return undefined;
  }
}

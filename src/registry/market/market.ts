import { Contract, type Provider, getAddress } from "ethers";
import { LicenseMarket__factory } from "../../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import type { LicenseMarket } from "../../../typechain-types/contracts/market/LicenseMarket.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { toChainError } from "../chain-error.ts";
import { assertOtherContract } from "../other-contract.ts";
import type { EventSource } from "../read-events.ts";

/** The ABI of the market, for those who call it with another library. */
export const LICENSE_MARKET_ABI = LicenseMarket__factory.abi;

/** Of the market's calls and errors. */
export const MARKET_INTERFACE = LicenseMarket__factory.createInterface();

/** A LicenseMarket contract on a chain. */
export interface Market extends EventSource {
  readonly chainId: bigint;
  readonly contract: LicenseMarket;
}

/** ERC-165 of ERC-5643: licences that expire and are renewed. */
const EXPIRING = "0x8c65f84d";

/**
 * Opens the market at an address.
 *
 * @param startBlock - the block of its deployment, or an earlier one: no event is older
 * @throws {ProvenanceError} `MARKET_NOT_FOUND` where there is no contract, or another one; `CHAIN_UNREACHABLE`
 */
export async function openMarket(provider: Provider, address: string, startBlock?: number): Promise<Market> {
  const checksummed = getAddress(address);
  const contract = new Contract(checksummed, MARKET_INTERFACE, provider) as unknown as LicenseMarket;
  const { chainId } = await provider.getNetwork().catch((error: unknown) => {
    throw toChainError(error, MARKET_INTERFACE);
  });
  const isMarket = await contract.supportsInterface(EXPIRING).catch(async (error: unknown) => {
    const asked = { provider, address: checksummed, contractInterface: MARKET_INTERFACE, name: "settleOffer" };
    await assertOtherContract(error, asked);
    return false;
  });
  if (!isMarket) {
    const text = `There is no market of licences at ${checksummed} on chain ${chainId}. Check LICENSE_MARKET and the network.`;
    throw new ProvenanceError("MARKET_NOT_FOUND", text);
  }
  return { address: checksummed, chainId, provider, contract, ...(startBlock !== undefined && { startBlock }) };
}

/** Asks the market, and says what went wrong as for a registry. @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE` */
export async function askMarket<T>(question: Promise<T>): Promise<T> {
  return question.catch((error: unknown) => {
    throw toChainError(error, MARKET_INTERFACE);
  });
}

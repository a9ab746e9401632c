import { formatEther } from "ethers";

/** Coins that pay for gas, by chain id, where it is not ether; from the chains' own documentation, November 2026. */
const COINS: Readonly<Record<string, string>> = {
  "56": "BNB",
  "97": "BNB",
  "100": "xDAI",
  "137": "POL",
  "5000": "MNT",
  "42220": "CELO",
  "43113": "AVAX",
  "43114": "AVAX",
  "80002": "POL",
};

/** What wallets call the coin that a chain charges. */
export function coinOf(chainId: bigint): string {
  return COINS[String(chainId)] ?? "ETH";
}

/** An amount of the coin that a chain charges, in words. @param amount - in its smallest unit, 10^-18 */
export function formatCoins(amount: bigint, chainId: bigint): string {
  return `${formatEther(amount)} ${COINS[String(chainId)] ?? "ether"}`;
}

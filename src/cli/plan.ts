import { formatUnits } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import type { SendingOptions } from "../publish/sending/sending.ts";
import type { TransactionCost } from "../publish/sending/transaction-cost.ts";
import { formatCoins } from "../registry/coins.ts";
import { type ChainConnection, describeNetwork, isLocalChain } from "./chain-connection.ts";
import type { OptionValues } from "./options.ts";

/** What a transaction will take, and who sends it. */
export interface CostPlan extends Omit<TransactionCost, "fees"> {
  /** The account that sends and pays. */
  readonly from: string;
}

/** Tells whether somebody has to agree before anything is sent. */
export function needsAnswer(
  options: OptionValues<"yes" | "dryRun">,
  { chainId }: Pick<ChainConnection, "chainId">,
): boolean {
  return !options.yes && !options.dryRun && !isLocalChain(chainId);
}

/** How transactions are sent and waited for, as the options say. */
export function toSending(options: OptionValues<"maxFee" | "confirmations" | "waitSeconds">): SendingOptions {
  const { maxFee, confirmations, waitSeconds } = options;
  return {
    ...(maxFee !== undefined && { maxFeePerGas: maxFee }),
    ...(confirmations !== undefined && { confirmations }),
    ...(waitSeconds !== undefined && { waitSeconds }),
  };
}

/** Rows of a table that say where a transaction goes and what it takes: every plan has them. */
export function planRows(plan: CostPlan, contract: string, connection: ChainConnection): string[][] {
  const { chainId } = connection;
  const short = plan.balance < plan.worstCost ? ", which is not enough" : "";
  return [
    ["network", describeNetwork(connection)],
    ["contract", contract],
    ["signer", `${plan.from}, balance ${formatCoins(plan.balance, chainId)}${short}`],
    ["gas", `${plan.gas} at most ${formatUnits(plan.maxFeePerGas, "gwei")} gwei`],
    ...(plan.dataGas === undefined ? [] : [["of it for L1", `${plan.dataGas}, for data`]]),
    ...(plan.dataFee > 0n ? [["data on L1", `${formatCoins(plan.dataFee, chainId)}, at the price of now`]] : []),
    ...(plan.operatorFee === undefined
      ? []
      : [["operator fee", `${formatCoins(plan.operatorFee, chainId)}, as of now`]]),
    ["worst cost", formatCoins(plan.worstCost, chainId)],
  ];
}

/** The same for a program; amounts in the smallest unit of the chain's coin. */
export function describeCost({ gas, maxFeePerGas, dataFee, operatorFee, worstCost, balance }: TransactionCost) {
  return {
    gas: Number(gas),
    maxFeePerGas: String(maxFeePerGas),
    dataFee: String(dataFee),
    ...(operatorFee !== undefined && { operatorFee: String(operatorFee) }),
    worstCost: String(worstCost),
    balance: String(balance),
  };
}

/** Stops before what may cost more than was allowed. @throws {ProvenanceError} `COST_TOO_HIGH` */
export function assertWithin(
  worstCost: bigint,
  { maxCost }: OptionValues<"maxCost">,
  what: string,
  chainId: bigint,
): void {
  if (maxCost === undefined || worstCost <= maxCost) return;
  const text = `${what} may cost ${formatCoins(worstCost, chainId)}, more than MAX_COST=${formatCoins(maxCost, chainId)}.`;
  throw new ProvenanceError("COST_TOO_HIGH", text);
}

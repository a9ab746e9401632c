import type { MarketGas } from "./market.ts";
import type { GasReport } from "./measure.ts";

/** One promise about the numbers. */
export interface Goal {
  text: string;
  met: boolean;
}

/** What the numbers must keep to. */
export function goals(gas: GasReport & MarketGas): Goal[] {
  return [
    atMost("full", gas.full, 0.475 * gas.guide, "0.475 × guide"),
    atMost("full", gas.full, 1.06 * gas.bare, "1.06 × bare"),
    atMost("lean", gas.lean, 0.77 * gas.bare, "0.77 × bare"),
    atMost("child", gas.child, gas.lean + 30_000, "lean + 30 000"),
    atMost("batch100PerModel", gas.batch100PerModel, 0.25 * gas.guide, "0.25 × guide"),
    atMost("anchor1000", gas.anchor1000, 55_000, "55 000"),
    atMost("mintAnchored", gas.mintAnchored, 1.18 * gas.lean, "1.18 × lean"),
    atMost("tokenURI", gas.tokenURI, 39_999, "39 999"),
    atMost("transfer", gas.transfer, 1.08 * gas.ozTransfer, "1.08 × ozTransfer"),
    atMost("buy", gas.buy, 1.5 * gas.paidMint, "1.5 × paidMint"),
    atMost("settleOneParent", gas.settleOneParent, 90_000, "90 000"),
    atMost("withdraw", gas.withdraw, 60_000, "60 000"),
  ];
}

/** Gas that one transaction may use (EIP-7825). */
const TRANSACTION_GAS_CAP = 16_777_216;

/** How many lean models fit into one `mintBatch`: every model costs what it costs in a batch of 100. */
export function largestBatch(gas: GasReport): number {
  return Math.floor(TRANSACTION_GAS_CAP / gas.batch100PerModel);
}

/** The numbers and the goals as text for a person. */
export function table(gas: GasReport & MarketGas): string {
  const rows = Object.entries(gas).map(([name, used]) => {
    const share = (of: number) => (used / of).toFixed(3).padStart(8);
    return `${name.padEnd(18)}${used.toLocaleString("en-US").padStart(12)}${share(gas.guide)}${share(gas.bare)}`;
  });
  const lines = goals(gas).map((goal) => `${goal.met ? "met   " : "MISSED"} ${goal.text}`);
  lines.push(
    `A mintBatch of ${largestBatch(gas).toString()} lean models fits into ${TRANSACTION_GAS_CAP.toString()} gas.`,
  );
  return [`${"".padEnd(18)}${"gas".padStart(12)}   guide    bare`, ...rows, "", ...lines].join("\n");
}

function atMost(name: string, used: number, limit: number, formula: string): Goal {
  return {
    text: `${name} ${used.toString()} is at most ${formula} = ${Math.floor(limit).toString()}`,
    met: used <= limit,
  };
}

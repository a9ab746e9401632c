import type { GasReport } from "./measure.ts";

/** One promise about the numbers. */
export interface Goal {
  text: string;
  met: boolean;
}

/** What the numbers must keep to. */
export function goals(gas: GasReport): Goal[] {
  return [
    atMost("full", gas.full, 0.475 * gas.guide, "0.475 × guide"),
    atMost("full", gas.full, 1.06 * gas.bare, "1.06 × bare"),
    atMost("lean", gas.lean, 0.77 * gas.bare, "0.77 × bare"),
  ];
}

/** The numbers and the goals as text for a person. */
export function table(gas: GasReport): string {
  const rows = Object.entries(gas).map(([name, used]) => {
    const share = (of: number) => (used / of).toFixed(3).padStart(8);
    return `${name.padEnd(18)}${used.toLocaleString("en-US").padStart(12)}${share(gas.guide)}${share(gas.bare)}`;
  });
  const lines = goals(gas).map((goal) => `${goal.met ? "met   " : "MISSED"} ${goal.text}`);
  return [`${"".padEnd(18)}${"gas".padStart(12)}   guide    bare`, ...rows, "", ...lines].join("\n");
}

function atMost(name: string, used: number, limit: number, formula: string): Goal {
  return {
    text: `${name} ${used.toString()} is at most ${formula} = ${Math.floor(limit).toString()}`,
    met: used <= limit,
  };
}

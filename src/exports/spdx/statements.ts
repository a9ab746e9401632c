import { describeStatus, toIsoTime } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import { addAccount } from "./agents.ts";
import type { Graph } from "./graph.ts";

/** Adds what was said of the model since, each as who said it said it, at the time of its block. */
export function addStatements(
  { statements, status, place, contradictions }: ExportedModel,
  graph: Graph,
  root: string,
): void {
  const { of } = status;
  const other =
    of?.statement === undefined
      ? []
      : [{ statement: of.statement, chainId: of.place.chainId, what: `The same model, recorded by ${of.creator},` }];
  const own = statements.map((statement) => ({ statement, chainId: place.chainId, what: "The model" }));
  for (const [i, { statement, chainId, what }] of [...own, ...other].entries()) {
    const account = addAccount(graph, chainId, statement.account);
    const creation = graph.stateAt(toIsoTime(statement.time), account);
    const text = { annotationType: "review", subject: root, statement: `${what} is ${describeStatus(statement)}` };
    graph.add("Annotation", `Statement-${i + 1}`, text, creation);
  }
  for (const [i, statement] of contradictions.entries()) {
    graph.add("Annotation", `Contradiction-${i + 1}`, { annotationType: "other", subject: root, statement });
  }
}

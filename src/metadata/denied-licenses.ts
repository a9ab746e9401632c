import parseExpression from "spdx-expression-parse";
import { correctCase } from "./license.ts";

type Expression = ReturnType<typeof parseExpression>;
type Leaf = { readonly license: string; readonly exception?: string };

/**
 * Finds the licences of a list that an expression cannot be had without: an alternative that holds none of them may be
 * chosen instead. A denied id stands for its family (`GPL-3.0`, `GPL-3.0+`, `GPL-3.0-only` and `GPL-3.0-or-later` deny one
 * another), with and without exceptions; one that is denied WITH an exception, for that exception alone.
 *
 * @param license - SPDX expression, ids in any case
 * @param denied - single SPDX licences
 * @returns those that are met, in the order of the list; undefined where the expression cannot be parsed and the list is not
 *   empty
 */
export function findDenied(license: string, denied: readonly string[]): string[] | undefined {
  if (denied.length === 0) return [];
  try {
    const expression = parseExpression(correctCase(license));
    const rules = denied.map((id) => ({ id, leaf: parseExpression(correctCase(id)) as Leaf }));
    const met = unavoidable(expression, ({ license: id, exception }) =>
      rules.filter(({ leaf }) => isSameFamily(leaf, { license: id, ...(exception !== undefined && { exception }) })),
    );
    return rules.filter((rule) => met.includes(rule)).map(({ id }) => id);
  } catch {
    return undefined;
  }
}

/** What is denied in every alternative: empty where one of them is free of it. */
function unavoidable<T>(expression: Expression, judge: (leaf: Leaf) => readonly T[]): readonly T[] {
  if (!("conjunction" in expression)) return judge(expression as Leaf);
  const [left, right] = [unavoidable(expression.left, judge), unavoidable(expression.right, judge)];
  const isFree = expression.conjunction === "or" && (left.length === 0 || right.length === 0);
  return isFree ? [] : [...left, ...right];
}

function isSameFamily(denied: Leaf, found: Leaf): boolean {
  if (denied.exception !== undefined && denied.exception !== found.exception) return false;
  const name = found.license.toLowerCase();
  // A licence does not leave the list by being called a reference.
  const names = [name, name.replace(/^documentref-[^:]*:/, ""), name.replace(/^(documentref-[^:]*:)?licenseref-/, "")];
  names.push(...names.map((one) => one.replace(/-with-.*$/, ""))); // deprecated ids hold their exception
  return names.some((one) => familyOf(one) === familyOf(denied.license.toLowerCase()));
}

function familyOf(id: string): string {
  return id.replace(/(-only|-or-later|\+)$/, "");
}

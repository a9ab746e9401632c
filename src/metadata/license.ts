import parseExpression from "spdx-expression-parse";
import deprecatedIds from "spdx-license-ids/deprecated.json" with { type: "json" };
import currentIds from "spdx-license-ids/index.json" with { type: "json" };

const idsByLowerCase = new Map([...deprecatedIds, ...currentIds].map((id) => [id.toLowerCase(), id]));

/** The longest licence the contract stores, in bytes. */
export const LICENSE_MAX_BYTES = 64;

/**
 * Turns a licence as people and model cards write it into an SPDX expression: an id in any case becomes the
 * SPDX id, an expression of ids in any case one of those, a list of ids all of them, anything else `LicenseRef-…`. Never guesses: `gpl-3.0` stays
 * GPL-3.0, for choosing between "only" and "or later" would change the licence.
 *
 * @returns undefined for an empty text
 */
export function normalizeLicense(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const id = idsByLowerCase.get(trimmed.toLowerCase());
  if (id !== undefined) return id;
  if (isSpdxExpression(trimmed)) return trimmed;
  const corrected = correctCase(trimmed.replaceAll(/(?<=[\s)])(and|or|with)(?=[\s(])/gi, (word) => word.toUpperCase()));
  if (isSpdxExpression(corrected)) return corrected;
  const names = splitLicenses(trimmed);
  if (names.length > 1) return combineLicenses(names);
  // A plus tells one licence from another: openrail is not openrail++.
  const spelled = trimmed.replaceAll("+", "-plus");
  const name = spelled.replaceAll(/[^A-Za-z0-9.-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  // Nothing is left of a name in another script; model cards call a licence without an id "other".
  return `LicenseRef-${name || "other"}`;
}

/** Takes apart a text that lists SPDX ids, `mit, gpl-3.0`; any other is one licence, with what signs it may hold. */
export function splitLicenses(text: string): string[] {
  const names = text.split(/[,;/&]/).map((name) => name.trim());
  return names.every((name) => idsByLowerCase.has(name.toLowerCase())) ? names : [text];
}

/**
 * Joins licences that are all named into one: nobody can tell whether one of them may be chosen, so all of them hold.
 *
 * @returns the one as it is written; of several an SPDX expression; undefined for none
 */
export function combineLicenses(texts: readonly string[]): string | undefined {
  const licenses = [...new Set(texts.flatMap((text) => normalizeLicense(text) ?? []))];
  if (licenses.length <= 1) return texts.find((text) => normalizeLicense(text) !== undefined);
  return licenses.map((license) => (isSingleLicense(license) ? license : `(${license})`)).join(" AND ");
}

/** Tells whether a text is a valid SPDX licence expression. */
export function isSpdxExpression(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}

/** Tells whether a text is one SPDX licence, also with an exception, and not a choice or combination of several. */
export function isSingleLicense(text: string): boolean {
  try {
    return !("conjunction" in parseExpression(text));
  } catch {
    return false;
  }
}

/** Gives every licence in an expression the case of its SPDX id; what is none stays. */
export function correctCase(expression: string): string {
  return expression.replaceAll(/[A-Za-z0-9.-]+/g, (word) => idsByLowerCase.get(word.toLowerCase()) ?? word);
}

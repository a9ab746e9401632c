import parseExpression from "spdx-expression-parse";
// @ts-expect-error the package brings no types
import satisfiesExpression from "spdx-satisfies";

const satisfies = satisfiesExpression as (expression: string, allowed: string[]) => boolean;

/** What a licence asks of whoever takes the model. */
interface LicenseTerms {
  /** Whether its notice must be kept. */
  readonly attribution: boolean;
  /** 0: none · 1: for the part itself · 2: for the whole work · 3: also for a service. */
  readonly copyleft: 0 | 1 | 2 | 3;
  readonly nonCommercial: boolean;
  readonly noDerivatives: boolean;
  /** Names of licences that forbid some uses: no two of them forbid the same. */
  readonly restricted: readonly string[];
  /** False for a licence that is not known here. */
  readonly known: boolean;
}

/** How the licence of a child compares with that of its parent. */
export type LicenseDrift = "same" | "not-more-permissive" | "more-permissive" | "unknown";

type Expression = ReturnType<typeof parseExpression>;

const OPEN: LicenseTerms = {
  attribution: false,
  copyleft: 0,
  nonCommercial: false,
  noDerivatives: false,
  restricted: [],
  known: true,
};
const PUBLIC_DOMAIN = /^(CC0-1\.0|Unlicense|0BSD|WTFPL|MIT-0|PDDL-1\.0|CC-PDDC)$/;
const PERMISSIVE =
  /^(MIT|MIT-.*|BSD-[1-4]-Clause.*|Apache-\d.*|ISC|Zlib|BSL-1\.0|Artistic-2\.0|PostgreSQL|NCSA|AFL-3\.0|ECL-2\.0|Python-2\.0|MS-PL|ODC-By-1\.0|CDLA-Permissive-.*|X11|UPL-1\.0|MulanPSL-2\.0|Ruby)$/;
const COPYLEFT: readonly (readonly [RegExp, 1 | 2 | 3])[] = [
  [/^(AGPL|SSPL)-/, 3],
  [/^(GPL|EUPL|OSL|ODbL|CDLA-Sharing)-/, 2],
  [/^(LGPL|MPL|EPL|CDDL|MS-RL)(-|$)/, 1],
];
// As model cards call them; all allow commercial use and derivatives, and forbid some uses.
const RESTRICTED = /^(.*openrail.*|.*-rail-.*|llama.*|gemma.*|BUSL-.*)$/i;
// Names of licences for a purpose that is no business; BUSL forbids production until it changes into another licence.
const SOUNDS_NON_COMMERCIAL =
  /^BUSL-|non-?commercial|(^|[-_.\d])(nc|no-commercial|not-for-commercial|research(ers)?|research-?only|academ(ic|ia)|education(al)?|evaluation|personal)([-_.\d]|$)/i;
const NC_IN_CAPITALS = /[a-z\d]NC([-_.\d]|$)/;

/**
 * Compares the licence of a child with that of its parent by what they ask: a child may ask for more, not for less. This is no
 * legal advice: it tells plain contradictions from what must be read.
 *
 * @param parent - SPDX expression, empty where none was stated
 * @param child - the same
 */
export function compareLicenses(parent: string, child: string): LicenseDrift {
  const [required, offered] = [alternativesOf(parent), alternativesOf(child)];
  if (parent === child && parent !== "") return "same";
  if (required === undefined || offered === undefined) return "unknown";
  // Whoever takes the child chooses one of its alternatives: each must be covered by one of the parent's.
  const verdicts = offered.map((terms) => required.map((asked) => compareTerms(asked, terms)));
  if (verdicts.every((row) => row.includes(true))) return "not-more-permissive";
  return verdicts.every((row) => row.some((verdict) => verdict !== false)) ? "unknown" : "more-permissive";
}

/** Tells whether a licence allows commercial use, in one of its alternatives; undefined where that is not known. */
export function allowsCommercialUse(license: string): boolean | undefined {
  const alternatives = alternativesOf(license);
  if (alternatives === undefined) return undefined;
  if (alternatives.some(({ known, nonCommercial }) => known && !nonCommercial)) return true;
  return alternatives.every(({ nonCommercial }) => nonCommercial) ? false : undefined;
}

/**
 * Tells whether a licence can be met by keeping to licences of a list.
 *
 * @param license - SPDX expression
 * @param allowed - single licences, such as `MIT` or `GPL-2.0-or-later`
 */
export function satisfiesLicenses(license: string, allowed: readonly string[]): boolean {
  try {
    return satisfies(license, [...allowed]);
  } catch {
    return false; // no expression
  }
}

/**
 * Says what a licence asks of whoever takes the model, in plain words: one list for each of its alternatives. This is no legal
 * advice: the licence's own text counts.
 *
 * @param license - SPDX expression
 * @returns undefined where it is no expression; an empty list for an alternative that asks nothing
 */
export function describeTerms(license: string): string[][] | undefined {
  return alternativesOf(license)?.map((terms) => {
    const asked: [boolean, string][] = [
      [!terms.known, "it is not known here what this licence asks in full: read its text"],
      [terms.attribution, "the notice and the licence's text must be kept"],
      [terms.copyleft === 1, "changes to these parts must be given under the same licence"],
      [terms.copyleft === 2, "what is made from it must be given under the same licence"],
      [
        terms.copyleft === 3,
        "what is made from it must be given under the same licence, also where it is only a service",
      ],
      [terms.nonCommercial, "no commercial use"],
      [terms.noDerivatives, "no changed versions may be passed on"],
      [terms.restricted.length > 0, "some uses are forbidden: the licence lists them"],
    ];
    return asked.flatMap(([applies, text]) => (applies ? [text] : []));
  });
}

/** True: covers all that is asked for; undefined: that is not known. */
function compareTerms(asked: LicenseTerms, offered: LicenseTerms): boolean | undefined {
  const keeps =
    (!asked.attribution || offered.attribution) &&
    offered.copyleft >= asked.copyleft &&
    (!asked.nonCommercial || offered.nonCommercial) &&
    (!asked.noDerivatives || offered.noDerivatives);
  const missing = asked.restricted.filter((name) => !offered.restricted.includes(name));
  if (!asked.known || !offered.known) return undefined;
  if (!keeps) return false;
  if (missing.length === 0) return true;
  return offered.restricted.length > 0 ? undefined : false;
}

/** What each alternative of an expression asks; undefined where it is no expression. */
function alternativesOf(license: string): LicenseTerms[] | undefined {
  try {
    return expand(parseExpression(license));
  } catch {
    return undefined;
  }
}

function expand(expression: Expression): LicenseTerms[] {
  if ("conjunction" in expression) {
    const [left, right] = [expand(expression.left), expand(expression.right)];
    if (expression.conjunction === "or") return [...left, ...right];
    return left.flatMap((a) => right.map((b) => join(a, b)));
  }
  const { license, exception } = expression as { license: string; exception?: string };
  const terms = termsOf(license);
  // An exception lets others link to the work.
  return [exception === undefined ? terms : { ...terms, copyleft: Math.min(terms.copyleft, 1) as 0 | 1 }];
}

function join(a: LicenseTerms, b: LicenseTerms): LicenseTerms {
  return {
    attribution: a.attribution || b.attribution,
    copyleft: Math.max(a.copyleft, b.copyleft) as LicenseTerms["copyleft"],
    nonCommercial: a.nonCommercial || b.nonCommercial,
    noDerivatives: a.noDerivatives || b.noDerivatives,
    restricted: [...a.restricted, ...b.restricted],
    known: a.known && b.known,
  };
}

function termsOf(id: string): LicenseTerms {
  const name = id.replace(/^LicenseRef-/, "");
  const attributed = { ...OPEN, attribution: true };
  const nonCommercial = SOUNDS_NON_COMMERCIAL.test(name) || NC_IN_CAPITALS.test(name);
  const creativeCommons = /^CC-BY(-NC)?(-ND|-SA)?-\d/.exec(name);
  if (creativeCommons !== null) {
    const [, withNc, more] = creativeCommons;
    return {
      ...attributed,
      nonCommercial: nonCommercial || withNc !== undefined,
      noDerivatives: more === "-ND",
      copyleft: more === "-SA" ? 2 : 0,
    };
  }
  if (PUBLIC_DOMAIN.test(id)) return OPEN;
  if (PERMISSIVE.test(id)) return attributed;
  const copyleft = COPYLEFT.find(([pattern]) => pattern.test(id))?.[1];
  if (copyleft !== undefined) return { ...attributed, copyleft };
  if (RESTRICTED.test(name)) return { ...attributed, nonCommercial, restricted: [name.toLowerCase()] };
  return { ...attributed, nonCommercial, known: /^PolyForm-Noncommercial-/.test(id) };
}

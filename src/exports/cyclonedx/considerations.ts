import { considerationsSchema, fairnessSchema } from "../../metadata/considerations.ts";
import type { Provenance } from "../../metadata/schema.ts";
import { toProperties } from "../properties.ts";

/** What extensions say that CycloneDX has fields for, and the others. */
export interface ReadConsiderations {
  readonly considerations: object;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Sorts extensions: a stranger wrote them, so that only what has CycloneDX's own shape becomes a field of it. */
export function readConsiderations(extensions: NonNullable<Provenance["extensions"]>): ReadConsiderations {
  const { considerations, fairness, energy, ...rest } = extensions;
  const stated = considerationsSchema.safeParse(considerations);
  const assessed = fairnessSchema.safeParse(fairness);
  const environment = energy === undefined ? [] : toProperties(flatten("energy", energy));
  return {
    considerations: {
      ...stated.data,
      ...(environment.length > 0 && { environmentalConsiderations: { properties: environment } }),
      ...(assessed.success && assessed.data.length > 0 && { fairnessAssessments: assessed.data }),
    },
    rest: {
      ...(considerations !== undefined && !stated.success && { considerations }),
      ...(fairness !== undefined && !assessed.success && { fairness }),
      ...rest,
    },
  };
}

function flatten(name: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { [name]: value };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner as unknown]));
}

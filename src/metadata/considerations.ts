import { z } from "zod";

const text = z.string();
const texts = z.array(text);

/** What is to be considered of a model's use, as `extensions.considerations` holds it: CycloneDX's own shape. */
export const considerationsSchema = z.strictObject({
  users: texts.optional(),
  useCases: texts.optional(),
  technicalLimitations: texts.optional(),
  performanceTradeoffs: texts.optional(),
  ethicalConsiderations: z
    .array(z.strictObject({ name: text.optional(), mitigationStrategy: text.optional() }))
    .optional(),
});

/** Assessments of fairness, as `extensions.fairness` holds them: CycloneDX's own shape. */
export const fairnessSchema = z.array(
  z.strictObject({
    groupAtRisk: text.optional(),
    benefits: text.optional(),
    harms: text.optional(),
    mitigationStrategy: text.optional(),
  }),
);

import { registriesJsonSchema } from "../../src/registry/registries-file.ts";
import { contributorsJsonSchema } from "../../src/metadata/contributors-file.ts";
import { metadataJsonSchema } from "../../src/metadata/json-schema.ts";
import { policyJsonSchema } from "../../src/verify/policy/policy.ts";
import { lockJsonSchema } from "../../src/verify/lock-file.ts";
import { verifyReportJsonSchema } from "../../src/verify/report-document.ts";

/** The folder of the published schemas. */
export const SCHEMA_FOLDER = new URL("../../schema/", import.meta.url);

/** The JSON Schemas that are published, by the names of their files. */
export const SCHEMAS: Readonly<Record<string, () => object>> = {
  "contributors.schema.json": contributorsJsonSchema,
  "lock.schema.json": lockJsonSchema,
  "metadata.schema.json": metadataJsonSchema,
  "policy.schema.json": policyJsonSchema,
  "registries.schema.json": registriesJsonSchema,
  "verify-report.schema.json": verifyReportJsonSchema,
};

/** A schema as it is published. */
export function writeSchema(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

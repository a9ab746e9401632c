// Writes the JSON Schemas of schema/, and Python's dataclasses and functions, from the one place where each is described:
//   npm run make:schema
import { mkdir, writeFile } from "node:fs/promises";
import { REPORT_MODULE, reportModule } from "./python/report-module.ts";
import { VERBS_MODULE, verbsModule } from "./python/verbs-module.ts";
import { SCHEMAS, SCHEMA_FOLDER, writeSchema } from "./schemas.ts";

await mkdir(SCHEMA_FOLDER, { recursive: true });
for (const [name, make] of Object.entries(SCHEMAS)) await writeFile(new URL(name, SCHEMA_FOLDER), writeSchema(make()));
await writeFile(VERBS_MODULE, verbsModule());
await writeFile(REPORT_MODULE, reportModule(SCHEMAS["verify-report.schema.json"]?.() ?? {}));

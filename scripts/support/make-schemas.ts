// Writes the JSON Schemas of schema/, and the rules that the check in Python reads, from the one place where each is described:
//   npm run make:schema
import { mkdir, writeFile } from "node:fs/promises";
import { PYTHON_RULES, pythonRules } from "./python-rules.ts";
import { SCHEMAS, SCHEMA_FOLDER, writeSchema } from "./schemas.ts";

await mkdir(SCHEMA_FOLDER, { recursive: true });
for (const [name, make] of Object.entries(SCHEMAS)) await writeFile(new URL(name, SCHEMA_FOLDER), writeSchema(make()));
await writeFile(PYTHON_RULES, writeSchema(pythonRules()));

// Writes the JSON Schemas of schema/ from the one place where each format is described:
//   npm run make:schema
import { mkdir, writeFile } from "node:fs/promises";
import { SCHEMAS, SCHEMA_FOLDER, writeSchema } from "./schemas.ts";

await mkdir(SCHEMA_FOLDER, { recursive: true });
for (const [name, make] of Object.entries(SCHEMAS)) await writeFile(new URL(name, SCHEMA_FOLDER), writeSchema(make()));

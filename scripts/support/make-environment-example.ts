// Writes .env.example from the declarations of all options:
//   npm run make:env
import { writeFile } from "node:fs/promises";
import { ENVIRONMENT_EXAMPLE, writeEnvironmentExample } from "./environment-example.ts";

await writeFile(ENVIRONMENT_EXAMPLE, writeEnvironmentExample());

// Compares a chain of registrations (EXPORT_CHECK) with the chain; the exit code is the verdict.
import { runVerb } from "./support/run-verb.ts";

await runVerb("export");

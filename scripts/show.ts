// Prints the record of TOKEN_ID in full: what the chain keeps, what happened since, and the metadata.
import { runVerb } from "./support/run-verb.ts";

await runVerb("show");

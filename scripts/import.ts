// Reads models of the Hugging Face Hub without their weights, shows what was found, and records them.
import { runVerb } from "./support/run-verb.ts";

await runVerb("import");

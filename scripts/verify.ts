// Asks the chain who recorded exactly the files at MODEL_PATH; the exit code is the verdict.
import { runVerb } from "./support/run-verb.ts";

await runVerb("verify");

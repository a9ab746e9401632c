// Hashes the model at MODEL_PATH, signs its metadata and pins it; mints nothing.
import { runVerb } from "./support/run-verb.ts";

await runVerb("pin");

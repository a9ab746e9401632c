// Hashes the model at MODEL_PATH, signs and pins its metadata and mints its token.
import { runVerb } from "./support/run-verb.ts";

await runVerb("mint");

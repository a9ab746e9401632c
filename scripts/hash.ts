// Hashes the model at MODEL_PATH and prints its digests; nothing is sent anywhere.
import { runVerb } from "./support/run-verb.ts";

await runVerb("hash");

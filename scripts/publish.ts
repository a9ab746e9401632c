// Publishes the model at MODEL_PATH, or those of the list at BATCH_PATH: hash, sign, pin, mint. Run again after any interruption, it goes on from there.
import { runVerb } from "./support/run-verb.ts";

await runVerb("publish");

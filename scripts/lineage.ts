// Draws all ancestors and descendants of the model at CHILD_PATH, a path or a token.
import { runVerb } from "./support/run-verb.ts";

await runVerb("lineage");

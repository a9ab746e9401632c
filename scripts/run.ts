// Does what the verb that VERB names does on the command line: VERB="status set" npx hardhat run scripts/run.ts --network …
import { runVerb } from "./support/run-verb.ts";

await runVerb(process.env["VERB"]?.trim() || undefined);

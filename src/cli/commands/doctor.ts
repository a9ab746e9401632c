import { PINNING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `doctor`: look at Node.js, variables, nodes, registries, account, stores and gateways, and say what to repair. */
export const DOCTOR: Verb = {
  name: "doctor",
  summary: "look at Node.js, variables, nodes, registries, account, stores and gateways, and say what to repair",
  positionals: [],
  chain: "read",
  options: ["registriesFile", "mintFrom", "keystorePath", ...PINNING_OPTIONS, "gateways", "offline"],
  lenient: true,
  examples: [`${AT}`, "--registries registries.yaml --json"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/doctor.ts")).runDoctor(options, connect, terminal),
};

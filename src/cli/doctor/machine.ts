import { OPTIONS, type OptionName } from "../options.ts";
import type { OptionDeclaration } from "../../base/option.ts";
import { type DoctorFinding, failed, fine } from "./finding.ts";

const MIN_NODE = [22, 13] as const;
// What begins like ours and is none of ours is probably misspelt.
const OURS = /^(MODEL|OMS|VERIFY|PINATA|PSA|ARWEAVE|S3|KUBO|IPFS|HASH|LINEAGE|GATE)_/;
const OTHERS = new Set(["IPFS_PATH"]);

/** Looks at the version of Node.js. */
export function checkNode(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1]);
  if (!isOld) return fine("Node.js", version);
  return {
    what: "Node.js",
    state: "fix",
    detail: `${version} is older than ${MIN_NODE.join(".")}: install a newer one`,
  };
}

/** Reads every variable that is set: values that are not taken, and names that are nearly ours. */
export function checkVariables(environment: NodeJS.ProcessEnv): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  const set: string[] = [];
  const known = new Set<string>();
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const declaration: OptionDeclaration<unknown> = OPTIONS[name];
    known.add(declaration.environment);
    const value = environment[declaration.environment]?.trim();
    if (!value) continue;
    set.push(declaration.environment);
    try {
      declaration.parse(value, declaration.environment);
    } catch (error) {
      findings.push(failed(declaration.environment, error));
    }
  }
  for (const name of Object.keys(environment)) {
    if (!OURS.test(name) || known.has(name) || OTHERS.has(name)) continue;
    findings.push({ what: name, state: "note", detail: "is no variable of model-provenance: is it misspelt?" });
  }
  // Their names alone: values may be secret.
  const detail = set.length === 0 ? "none is set" : `set: ${set.sort().join(", ")}`;
  return [fine("variables", detail), ...findings];
}

import { OPTIONS, type OptionName, type Options, nameAsGiven, sourcesOf } from "../options.ts";
import type { OptionDeclaration } from "../../base/option.ts";
import type { Settings } from "../settings.ts";
import { type DoctorFinding, failed, fine } from "./finding.ts";

const MIN_NODE = [22, 13] as const;
// What begins like ours and is none of ours is probably misspelt.
const OURS = /^(MODEL|OMS|VERIFY|PINATA|PSA|ARWEAVE|S3|KUBO|IPFS|HASH|LINEAGE|GATE)_/;
// What says which chain, registry, account and store are meant.
const DECIDING = new Set<OptionName>([
  "network",
  "chainId",
  "rpcUrl",
  "registryAddress",
  "registriesFile",
  "mintFrom",
  "keystorePath",
  "store",
]);
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
export function checkVariables({ variables, sourceOf }: Settings): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  const set: string[] = [];
  const known = new Set<string>();
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const declaration: OptionDeclaration<unknown> = OPTIONS[name];
    known.add(declaration.environment);
    const value = variables[declaration.environment]?.trim();
    if (!value) continue;
    set.push(`${declaration.environment}${sourceOf(declaration.environment) === ".env" ? " (.env)" : ""}`);
    try {
      declaration.parse(value, declaration.environment);
    } catch (error) {
      findings.push(failed(declaration.environment, error));
    }
  }
  for (const name of Object.keys(variables)) {
    if (!OURS.test(name) || known.has(name) || OTHERS.has(name)) continue;
    findings.push({ what: name, state: "note", detail: "is no variable of model-provenance: is it misspelt?" });
  }
  // Their names alone: values may be secret.
  const detail = set.length === 0 ? "none is set" : `set: ${set.sort().join(", ")}`;
  return [fine("variables", detail), ...findings];
}

/** Says where each value comes from that decides where things are. */
export function describeSources(options: Options): DoctorFinding[] {
  const sources = sourcesOf(options);
  const named = (Object.keys(sources) as OptionName[]).filter((name) => DECIDING.has(name));
  const texts = named.map((name) => {
    const isOfNetwork = sources[name] === "network";
    return isOfNetwork ? `${OPTIONS[name].flag} from --network ${options.network}` : nameAsGiven(name, sources[name]);
  });
  const isRecorded = sources.registryAddress === undefined && sources.registriesFile === undefined;
  if (texts.length > 0 && isRecorded) texts.push("contract from Ignition's deployments");
  return texts.length === 0 ? [] : [fine("values", `taken from ${texts.join(", ")}`)];
}

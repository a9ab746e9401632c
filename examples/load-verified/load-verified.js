// Loads a model only if its files are exactly what somebody you trust recorded: node load-verified.js FOLDER
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { getAddress } from "ethers";
import {
  GatewaySource,
  LocalStore,
  PUBLIC_GATEWAYS,
  ProvenanceError,
  connectNode,
  hashModel,
  openRegistry,
  readModelRecord,
  readThrough,
  toHex32,
  verifyModel,
} from "model-provenance-nft";

/**
 * The registry that is asked, and where metadata is read from. The node is believed; gateways are not, for every block is
 * checked against its CID.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
async function open(environment) {
  const { provider } = await connectNode(required(environment, "RPC_URL"));
  const registry = await openRegistry(provider, required(environment, "MODEL_PROVENANCE_ADDRESS"));
  const local = new LocalStore(environment["STORE_PATH"] ?? ".model-provenance/store");
  const store = environment["OFFLINE"] === "1" ? local : readThrough(local, new GatewaySource(PUBLIC_GATEWAYS));
  return { provider, registry, store };
}

/**
 * Reads the configuration of a model whose every file was verified.
 *
 * @param {string} folder
 * @param {readonly string[]} trusted creators whose records count; a stranger may have minted the same digest
 * @param {Pick<Awaited<ReturnType<typeof open>>, "registry" | "store">} source
 * @returns {Promise<unknown>}
 */
async function loadVerified(folder, trusted, { registry, store }) {
  // The token id is the digest of the files, so whoever holds them can ask.
  const { modelDigest, resources } = await hashModel(folder);
  console.log(`${resources.length} files, ${modelDigest}`);
  const record = await readModelRecord(registry, BigInt(modelDigest));
  if (record !== undefined) {
    const parents = record.parents.map(toHex32).join(", ") || "no model of this registry";
    console.log(`recorded by ${record.creator}, licence ${record.license || "not stated"}, from ${parents}`);
  }

  // Names, metadata, signature and status as well: the digest alone does not say all.
  const report = await verifyModel({ modelPath: folder, registry, store });
  for (const { what, passed } of report.checks) console.log(`${passed ? "ok" : "NOT OK"}  ${what}`);
  for (const warning of report.warnings) console.log(`warning: ${warning}`);
  if (report.verdict !== "verified") throw new Error(`${report.verdict}: ${report.reason}`);
  const creator = report.record?.creator;
  if (creator === undefined || !trusted.includes(creator)) throw new Error(`${creator} is nobody you trust`);
  return JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
}

/** @param {NodeJS.ProcessEnv} environment @param {string} name */
function required(environment, name) {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set; see README.md.`);
  return value;
}

try {
  const [folder = "."] = process.argv.slice(2);
  const trusted = required(process.env, "MODEL_CREATORS").split(",").map(getAddress);
  const { provider, ...source } = await open(process.env);
  try {
    console.log("loaded", await loadVerified(folder, trusted, source));
  } finally {
    provider.destroy();
  }
} catch (error) {
  const code = error instanceof ProvenanceError ? ` [${error.code}]` : "";
  console.error(`not loaded${code}: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}

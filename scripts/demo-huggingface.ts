// Models of the Hugging Face Hub from end to end, against a replay of the Hub: no network, no token, no key.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ModelProvenanceModule from "../ignition/modules/ModelProvenanceNFT.ts";
import { batchProofName, parseBatchProof } from "../src/registry/batches/batch-files.ts";
import { mintAnchored } from "../src/publish/mint-anchored.ts";
import { type ChainConnection, connectRegistry } from "../src/cli/chain-connection.ts";
import { runExportCheck } from "../src/cli/run/export-check.ts";
import type { Options } from "../src/cli/options.ts";
import { runImport } from "../src/cli/run/import.ts";
import { runVerify } from "../src/cli/run/verify.ts";
import { EXIT } from "../src/cli/exit-codes.ts";
import type { Hex } from "../src/base/hex.ts";
import { directoryCid } from "../src/hub/known-models.ts";
import { LocalStore } from "../src/content/stores/local/local-store.ts";
import { findUnixfsFile, readVerified } from "../src/content/unixfs/read-dag.ts";
import { HUB_MODELS, toHubRepo } from "../test/helpers/servers/hub-models.ts";
import { createSafetensors } from "../test/helpers/safetensors.ts";
import { hubRepo, lfsFile } from "../test/helpers/servers/hub-repo.ts";
import { type ReplayHub, startHub } from "../test/helpers/servers/hub.ts";
import { chapter, expectExit, storyTerminal } from "./support/demo/telling.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

const terminal = storyTerminal();
const BASE = "0x7o/keyt5-base";
const CHILD = "story/keyt5-fine-tuned";

/** What the story writes is left here, for whoever wants to look; the next one begins anew. */
const FOLDER = "demo-output";

const begun = performance.now();

await runScript(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER);
  const hub = await startHub({ repos: [...HUB_MODELS.map(toHubRepo), ...moreRepos()] });
  try {
    await tellStory(FOLDER, hub);
    console.log(`It took ${((performance.now() - begun) / 1000).toFixed(1)} seconds.`);
    return EXIT.done;
  } finally {
    await hub.close();
  }
});

async function tellStory(folder: string, hub: ReplayHub): Promise<void> {
  chapter("The Hub of this story");
  console.log(
    `A replay of the Hugging Face Hub on this machine, ${hub.url}: huggingface.co is not asked for anything.`,
  );
  const { network, connection } = await connectHardhat("send");
  const { registry: deployed } = await network.ignition.deploy(ModelProvenanceModule);
  const registryAddress = await deployed.getAddress();
  const storePath = join(folder, "store");
  const chainFile = join(folder, "blockchain_data.json");
  const options = {
    hubEndpoint: hub.url,
    registryAddress,
    storePath,
    importState: join(folder, "import.jsonl"),
    statePath: join(folder, "state"),
    modelsCsv: join(folder, "models_metadata.csv"),
    chainFile,
  };
  const run = async (more: Options) => runImport({ ...options, ...more }, () => Promise.resolve(connection), terminal);

  chapter("What the proof of concept printed, read without the weights");
  expectExit("import", await run({ hubModels: HUB_MODELS.map(({ id }) => id), dryRun: true }), EXIT.done);

  chapter("One model becomes a token");
  expectExit("import", await run({ hubModels: [BASE] }), EXIT.done);

  chapter("The others become one batch; a gated and an empty repository do not stop them");
  expectExit("import", await run({ hubRandom: 100, hubSeed: "demo" }), EXIT.unchecked);

  chapter("Bob asks who recorded a model of the Hub, before he downloads it");
  const verify = async (modelPath: string) =>
    runVerify({ modelPath, registryAddress, storePath, hubEndpoint: hub.url }, connection, terminal);
  expectExit("verify", await verify(`hf:${BASE}`), EXIT.done);

  chapter("A model of the batch is found in the batch's directory, and gets its token by the proof in it");
  expectExit("verify", await verify(`hf:${CHILD}`), EXIT.done);
  await mintFromBatch(connection, registryAddress, storePath, chainFile);
  expectExit("verify", await verify(`hf:${CHILD}`), EXIT.done);

  chapter("The chain of registrations is compared with the chain, field by field");
  const check = async (exportCheck: string) =>
    runExportCheck({ exportCheck, registryAddress, storePath }, connection, terminal);
  expectExit("export --check", await check(chainFile), EXIT.done);
  const edited = join(folder, "edited.json");
  const text = await readFile(chainFile, "utf8");
  await writeFile(edited, text.replace('"Vocabulary Size":32100', '"Vocabulary Size":32128'));
  expectExit("export --check", await check(edited), EXIT.failed);

  chapter("Weeks later: what changed on the Hub?");
  hub.push(BASE, { "README.md": "---\nlicense: other\n---\n", "model.safetensors": lfsFile("other weights") });
  hub.remove("Akari/albert-base-v2-finetuned-squad");
  expectExit("import --watch", await run({ hubWatch: true }), EXIT.failed);
  console.log(
    "\nThe story holds: models recorded without their weights, one by one and in a batch, checked and watched.",
  );
  console.log(`Its files are in ./${folder}: models_metadata.csv, blockchain_data.json and the store.`);
}

async function mintFromBatch(
  connection: ChainConnection,
  registryAddress: string,
  storePath: string,
  chainFile: string,
): Promise<void> {
  const entries = JSON.parse(await readFile(chainFile, "utf8")) as { data: Record<string, unknown> }[];
  const entry = entries.find(({ data }) => data["Model Name"] === CHILD);
  const { modelDigest, record } = entry?.data as { modelDigest: Hex; record: { contentDigest: Hex } };
  const signer = await (connection.getSigner as NonNullable<ChainConnection["getSigner"]>)();
  const registry = await connectRegistry(connection, { registryAddress }, signer);
  const read = readVerified(new LocalStore(storePath));
  const cid = await findUnixfsFile(directoryCid(record.contentDigest), batchProofName(modelDigest), read);
  if (cid === undefined) throw new Error("The batch's directory does not hold the proof.");
  const { record: minted } = await mintAnchored(registry, parseBatchProof(await read(cid)), { signer });
  console.log(
    `${CHILD} is token ${modelDigest}, a ${minted.relation} of ${minted.parents.length} parent in this registry`,
  );
}

function moreRepos() {
  const card = `---\nlicense: mit\nbase_model: ${BASE}\nbase_model_relation: finetune\n---\n\nA fine-tuned keyT5.\n`;
  const header = { "shared.weight": { dtype: "F32", shape: [2], data_offsets: [0, 8] } };
  return [
    hubRepo(CHILD, { "README.md": card, "model.safetensors": lfsFile(createSafetensors(header, 8)) }),
    hubRepo("story/gated", { "config.json": "{}" }, {}, { access: "gated" }),
    { ...hubRepo("story/empty", {}), commits: [] },
  ];
}

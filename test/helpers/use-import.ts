import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { deployToNode } from "./deploy-to-node.ts";
import { startChain } from "./json-rpc-server.ts";
import { type CommandResult, runCommand } from "./run-command.ts";
import { useTemporaryFolder } from "./temporary-folder.ts";
import { useHub } from "./use-hub.ts";

/** An entry of a chain of registrations, as a test changes it. */
export interface Entry {
  index: number;
  timestamp: string;
  data: Record<string, unknown>;
  previous_hash: string;
  hash: string;
  transaction: Record<string, unknown>;
}

/** For the tests of a suite: a replay of the Hub, a development node with a registry of its own for each test, and the command line. */
export function useImport() {
  const temporary = useTemporaryFolder();
  const hub = useHub({ pageSize: 3, treePageSize: 3 });
  let chain: { url: string; close: () => Promise<void> };
  let registry: string;

  before(async function () {
    chain = await startChain(1337);
  });

  after(async function () {
    await chain.close();
  });

  beforeEach(async function () {
    registry = await deployToNode(chain.url);
  });

  const environment = () => ({
    HF_ENDPOINT: hub.server().url,
    RPC_URL: chain.url,
    MODEL_PROVENANCE_ADDRESS: registry,
    STORE_PATH: temporary.path("store"),
    IMPORT_STATE: temporary.path("state/import.jsonl"),
    MODELS_CSV: temporary.path("models_metadata.csv"),
    BLOCKCHAIN_DATA: temporary.path("blockchain_data.json"),
  });
  return {
    temporary,
    hub,
    registry: () => registry,
    environment,
    run: async (...args: string[]): Promise<CommandResult> => runCommand(args, environment()),
    readChain: async () => JSON.parse(await readFile(temporary.path("blockchain_data.json"), "utf8")) as Entry[],
  };
}

/** Expects an exit code, and shows what was printed where it is another. */
export function expectExit({ exitCode, stdout, stderr }: CommandResult, expected: number): void {
  expect(exitCode, `${stdout}\n${stderr}`).to.equal(expected);
}

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { trainIris } from "../../examples/iris/train.ts";
import { startChain } from "./json-rpc-server.ts";
import { type ScriptResult, runScript } from "./run-script.ts";

const CHAIN_ID = 1337;

/** A chain behind a JSON-RPC server, a folder, and a model in it, for all tests of one `describe`. */
export interface ScriptStory {
  /** A path below the folder. */
  readonly path: (name: string) => string;
  /** The model's folder. */
  readonly model: () => string;
  /** Runs a script, with more of the environment than chain, store and model. */
  readonly run: (verb: string, more?: Record<string, string>) => Promise<ScriptResult>;
  /** The environment that every script is run with. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Copies the model, and returns where to. */
  readonly copyModel: (name: string) => Promise<string>;
}

/** Sets up a story before the tests of the enclosing `describe`, and ends it after them. Nothing is deployed yet. */
export function useScriptStory(): ScriptStory {
  let folder = "";
  let model = "";
  let close: () => Promise<void>;
  let environment: Record<string, string>;

  before(async function () {
    const chain = await startChain(CHAIN_ID);
    close = chain.close;
    folder = await mkdtemp(join(tmpdir(), "model-provenance-"));
    model = join(folder, "iris");
    await trainIris(model);
    environment = {
      IGNITION_PATH: join(folder, "ignition"),
      LOCALHOST_RPC_URL: chain.url,
      STORE_PATH: join(folder, "store"),
      STATE_PATH: join(folder, "state"),
      MODEL_PATH: model,
    };
  });

  after(async function () {
    await close();
    await rm(folder, { recursive: true });
  });

  return {
    path: (name) => join(folder, name),
    model: () => model,
    run: async (verb, more = {}) => runScript(verb, "localhost", { ...environment, ...more }),
    environment: () => environment,
    copyModel: async (name) => {
      const copy = join(folder, name);
      await cp(model, copy, { recursive: true });
      return copy;
    },
  };
}

/** Asserts an exit code, and shows what was printed where it is another. */
export function expectExit(result: ScriptResult, exitCode: number): void {
  expect(result.exitCode, `${result.stdout}\n${result.stderr}`).to.equal(exitCode);
}

/** A refusal must not hold a word of success. */
export function expectRefused(result: ScriptResult, exitCode: number): void {
  expectExit(result, exitCode);
  expect(result.stdout).not.to.include("VERIFIED");
}

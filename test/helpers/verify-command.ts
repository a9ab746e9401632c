import { CID } from "multiformats/cid";
import type { ChainConnection } from "../../src/cli/chain-connection.ts";
import { VERIFY } from "../../src/cli/commands/verify.ts";
import { runVerify } from "../../src/cli/run/verify.ts";
import { namesOf } from "../../src/cli/verb.ts";
import { readEnvironment } from "../../src/cli/options.ts";
import { toHex32 } from "../../src/base/hex.ts";
import type { PublishRequest } from "../../src/publish/prepare-model.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { ethers, networkHelpers } from "./deploy-model-provenance.ts";
import { deployRegistry, recordModel } from "./recorded-model.ts";
import { recordingTerminal } from "./recording-terminal.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** What `verify` left behind. */
export interface VerifyRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Records models on the in-process chain, keeps them in a local store, and runs `verify` on them with options from an environment. */
export async function setUpVerify(temporary: TemporaryFolder) {
  const deployed = await networkHelpers.loadFixture(deployRegistry);
  deployed.store.blocks.clear();
  const storePath = temporary.path("store");
  const store = new LocalStore(storePath);
  const connection: ChainConnection = {
    networkName: "test",
    chainId: 31337n,
    provider: ethers.provider,
    deploymentsFolder: temporary.path("none"),
  };

  /** Copies what the in-memory store holds to where the command reads. */
  const keep = async () => {
    for (const [text, bytes] of deployed.store.blocks) {
      const cid = CID.parse(text);
      await store.pin(cid, [{ cid, bytes }]);
    }
  };
  const record = async (request: PublishRequest, change?: Parameters<typeof recordModel>[2]) => {
    const tokenId = await recordModel(deployed, request, change);
    await keep();
    return toHex32(tokenId);
  };
  const verify = async (environment: Record<string, string>): Promise<VerifyRun> => {
    const { terminal, printed, notes, warnings } = recordingTerminal();
    const common = { MODEL_PROVENANCE_ADDRESS: deployed.registry.address, STORE_PATH: storePath };
    const options = readEnvironment(namesOf(VERIFY), { ...common, ...environment });
    const exitCode = await runVerify(options, connection, terminal);
    return { exitCode, stdout: printed.join("\n"), stderr: [...notes, ...warnings].join("\n") };
  };
  return { ...deployed, storePath, keep, record, verify };
}

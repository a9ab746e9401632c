import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

/** What the compiler says of a contract that Ignition deployed; its copy lies beside the journal. */
interface DeployedArtifact {
  readonly deployedBytecode?: string;
  readonly immutableReferences?: References;
  readonly deployedLinkReferences?: Readonly<Record<string, References>>;
}

type References = Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>;

/** The folder of a deployment: Ignition's journal, addresses and artifacts. */
export function deploymentFolder(hre: HardhatRuntimeEnvironment, deploymentId: string): string {
  return join(hre.config.paths.ignition, "deployments", deploymentId);
}

/**
 * Looks whether what Ignition remembers of a local node still holds, and forgets it only where the node was restarted: none
 * of the contracts stands there, and none of the transactions is known. Ignition's own command compares the node's id with
 * the one that it noted in the cache, and removes the deployment where they differ; so the id is noted here for both.
 *
 * @returns whether a deployment was forgotten
 */
export async function settleLocalDeployment(
  hre: HardhatRuntimeEnvironment,
  provider: EIP1193Provider,
  deploymentId: string,
): Promise<boolean> {
  const folder = deploymentFolder(hre, deploymentId);
  const forgets = existsSync(folder) && !(await isAlive(folder, provider));
  if (forgets) await rm(folder, { recursive: true });
  await noteInstance(join(hre.config.paths.cache, ".hardhat-network-instances.json"), provider, deploymentId);
  return forgets;
}

async function isAlive(folder: string, provider: EIP1193Provider): Promise<boolean> {
  const addresses = await readJson<Record<string, string>>(join(folder, "deployed_addresses.json"));
  for (const [id, address] of Object.entries(addresses ?? {})) {
    const artifact = await readJson<DeployedArtifact>(join(folder, "artifacts", `${id}.json`));
    const code = (await provider.request({ method: "eth_getCode", params: [address, "latest"] })) as string;
    if (code !== "0x" && isCodeOf(code, artifact)) return true;
  }
  // Killed before an address was written down: what was sent may be there.
  const journal = await readFile(join(folder, "journal.jsonl"), "utf8").catch(() => "");
  const hashes = [...journal.matchAll(/"hash":"(0x[0-9a-f]{64})"/gi)].map(([, hash]) => hash);
  for (const hash of hashes) {
    const found: unknown = await provider.request({ method: "eth_getTransactionByHash", params: [hash] });
    if (found !== null) return true;
  }
  return hashes.length === 0 && journal.includes('"TRANSACTION_PREPARE_SEND"');
}

/** Whether code on the chain is what the compiler made, but for immutables and linked addresses. */
function isCodeOf(code: string, artifact: DeployedArtifact | undefined): boolean {
  if (artifact?.deployedBytecode === undefined) return true; // Nothing to compare with.
  const links = Object.values(artifact.deployedLinkReferences ?? {});
  const places = [artifact.immutableReferences ?? {}, ...links].flatMap((references) =>
    Object.values(references).flat(),
  );
  const blank = (text: string) => {
    const digits = [...text.slice(2).toLowerCase()];
    for (const { start, length } of places) digits.fill("0", start * 2, (start + length) * 2);
    return digits.join("");
  };
  return blank(code) === blank(artifact.deployedBytecode);
}

async function noteInstance(path: string, provider: EIP1193Provider, deploymentId: string): Promise<void> {
  const metadata: unknown = await provider.request({ method: "hardhat_metadata" }).catch(() => undefined);
  const { instanceId } = (metadata ?? {}) as { readonly instanceId?: string };
  if (instanceId === undefined) return; // Not a node that Ignition would ask.
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ ...(await readJson<object>(path)), [deploymentId]: instanceId }));
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

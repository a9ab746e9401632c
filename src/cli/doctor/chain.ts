import { formatEther } from "ethers";
import { toChainError } from "../../registry/chain-error.ts";
import { compareRegistryCode } from "../../registry/registry-code.ts";
import { readEvents } from "../../registry/read-events.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import type { ChainConnection } from "../chain-connection.ts";
import { openRegistries } from "../open-registries.ts";
import type { OptionValues } from "../options.ts";
import { type DoctorFinding, failed, fine } from "./finding.ts";

type ChainOptions = OptionValues<"registryAddress" | "registriesFile" | "chainId" | "rpcUrl">;

/** What was found of the chains, and the registries that answer. */
export interface CheckedChains {
  readonly findings: readonly DoctorFinding[];
  readonly registries: readonly Registry[];
}

// A node that searches fewer blocks at once makes a look at the whole history slow.
const FEW_BLOCKS = 1_000;

/** Looks at nodes, chain ids and registries. @param account - whose balance and role are looked at, too */
export async function checkChains(
  options: ChainOptions,
  account: string | undefined,
  connect: () => Promise<ChainConnection>,
): Promise<CheckedChains> {
  if (options.rpcUrl === undefined && options.registriesFile === undefined) {
    const detail = "no node is set up: RPC_URL names one, MODEL_REGISTRIES a file with several (not needed to hash)";
    return { findings: [{ what: "chain", state: "fix", detail }], registries: [] };
  }
  try {
    const { registries, unreachable } = await openRegistries(options, connect);
    const findings: DoctorFinding[] = unreachable.map((detail) => ({ what: "chain", state: "retry", detail }));
    for (const registry of registries) findings.push(...(await checkRegistry(registry, account)));
    return { findings, registries };
  } catch (error) {
    return { findings: [failed("chain", error)], registries: [] };
  }
}

async function checkRegistry(registry: Registry, account: string | undefined): Promise<DoctorFinding[]> {
  const name = registry.name ?? `chain ${registry.chainId}`;
  const findings: DoctorFinding[] = [];
  const attempt = async (what: string, check: () => Promise<DoctorFinding>) => {
    findings.push(
      await check().catch((error: unknown) => failed(what, toChainError(error, registry.contract.interface))),
    );
  };
  await attempt(`node of ${name}`, async () => {
    const block = await registry.provider.getBlockNumber();
    return fine(`node of ${name}`, `chain ${registry.chainId}, block ${block}`);
  });
  await attempt(`registry on ${name}`, async () => describeCode(registry, name));
  await attempt(`events on ${name}`, async () => describeSearch(registry, name));
  if (account !== undefined) await attempt(`account on ${name}`, async () => describeAccount(registry, name, account));
  return findings;
}

async function describeCode(registry: Registry, name: string): Promise<DoctorFinding> {
  const what = `registry on ${name}`;
  const { result, codeHash } = await compareRegistryCode(registry);
  const place = toCaip10(registry);
  if (result !== "other") return fine(what, `${place}, code as built`);
  if (registry.codeHash === codeHash) return fine(what, `${place}, code as the registries file trusts it`);
  const detail = `${place} has other code than this version builds. If it is known to be another version, name codeHash ${codeHash} in the registries file`;
  return { what, state: "fix", detail };
}

/** How many blocks the node searches at once: one look for what does not exist tells. */
async function describeSearch(registry: Registry, name: string): Promise<DoctorFinding> {
  const what = `events on ${name}`;
  const filter = registry.contract.filters.BatchAnchored(`0x${"0".repeat(64)}`);
  const from = registry.startBlock ?? 0;
  for await (const { fromBlock, toBlock } of readEvents(registry, filter)) {
    const blocks = toBlock - fromBlock + 1;
    const head = await registry.provider.getBlockNumber();
    if (blocks >= head - from + 1) return fine(what, "the node searches all blocks at once");
    const hint = registry.startBlock === undefined ? ": startBlock in the registries file saves most of it" : "";
    if (blocks >= FEW_BLOCKS) return fine(what, `the node searches ${blocks} blocks at once`);
    return { what, state: "note", detail: `the node searches only ${blocks} blocks at once, which is slow${hint}` };
  }
  return fine(what, "there is no block to search");
}

async function describeAccount(registry: Registry, name: string, account: string): Promise<DoctorFinding> {
  const what = `account on ${name}`;
  const [balance, role] = await Promise.all([registry.provider.getBalance(account), registry.contract.MINTER_ROLE()]);
  const isMinter = await registry.contract.hasRole(role, account);
  const detail = `${account} has ${formatEther(balance)} ether and ${isMinter ? "may mint" : "may not mint: the registry's admin grants MINTER_ROLE"}`;
  if (!isMinter) return { what, state: "fix", detail };
  return balance > 0n ? fine(what, detail) : { what, state: "fix", detail: `${detail}, and nothing to pay for it` };
}

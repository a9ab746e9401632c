import { PUBLIC_GATEWAYS, ProvenanceError, type Registry, isDevelopmentChain } from "model-provenance-nft/core";
import { type ConfiguredRegistry, keyOf } from "../state/registry-setting.ts";
import { settings } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";
import { type Sources, openNamed, openSources } from "./open.ts";

/** What a verdict is made from. */
export interface AllSources extends Pick<Sources, "store" | "registries"> {
  /** Why each of the registries that should be asked, too, cannot be. */
  readonly unreachable: readonly string[];
}

/**
 * Opens all that the settings name.
 *
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED` where no registry is named; what is wrong with the first where none answers
 */
export async function openAll(): Promise<AllSources> {
  const wanted = settings.value.registries;
  if (wanted.length === 0) throw new ProvenanceError("REGISTRY_NOT_CONFIGURED", STRINGS.settings.none);
  const { registries, unreachable, store } = await openSources(wanted, gatewaysFor(wanted));
  const [failure] = unreachable;
  if (registries.length === 0 && failure !== undefined) throw failure.error;
  const reasons = unreachable.map(({ setting, error }) => `${setting.name || keyOf(setting)}: ${error.message}`);
  return { registries, store, unreachable: reasons };
}

/** Opens one registry of the settings by its CAIP-10 account. @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED`, as `openNamed` */
export async function openOne(account: string): Promise<{ registry: Registry; store: Sources["store"] }> {
  const wanted = settings.value.registries.find((one) => keyOf(one) === account.toLowerCase());
  if (wanted === undefined) throw new ProvenanceError("REGISTRY_NOT_CONFIGURED", STRINGS.settings.unknown(account));
  const { registries, unreachable, store } = await openSources([wanted], gatewaysFor([wanted]));
  const registry = registries[0] ?? (await openNamed(wanted));
  if (unreachable[0] !== undefined) throw unreachable[0].error;
  return { registry, store };
}

/** Which gateways are asked for the content of registries: public ones for a public chain, where none are named. */
export function gatewaysFor(registries: readonly Pick<ConfiguredRegistry, "chainId">[]): readonly string[] {
  const { gateways } = settings.value;
  if (gateways.length > 0) return gateways;
  return registries.some(({ chainId }) => !isDevelopmentChain(BigInt(chainId))) ? PUBLIC_GATEWAYS : [];
}

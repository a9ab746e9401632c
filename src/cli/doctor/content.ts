import { ProvenanceError } from "../../base/errors.ts";
import { GatewaySource } from "../../content/gateways/gateway-source.ts";
import { nameGateway, parseGatewayUrl } from "../../content/gateways/gateway-url.ts";
import type { OpenedStore } from "../../content/stores/open-stores.ts";
import { rawBlock } from "../../content/cid.ts";
import { listGateways } from "../open-gateways.ts";
import { openNamedStores } from "../open-stores.ts";
import type { PINNING_OPTIONS } from "../options/pinning.ts";
import type { OptionValues } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { type DoctorFinding, failed, fine } from "./finding.ts";

type ContentOptions = OptionValues<(typeof PINNING_OPTIONS)[number] | "gateways" | "offline">;

// A block that every IPFS node can answer: nothing is in it.
const EMPTY = rawBlock(new Uint8Array());

/** Asks each store that is set up whether it works. */
export async function checkStores(
  options: ContentOptions,
  chainId: bigint,
  terminal: Pick<Terminal, "note" | "warn">,
): Promise<DoctorFinding[]> {
  const what = `store ${options.store?.join(", ") ?? "local"}`;
  try {
    const opened = await openNamedStores(options, chainId, terminal);
    return await Promise.all(opened.map(checkStore));
  } catch (error) {
    if (error instanceof ProvenanceError && error.code === "STORE_NOT_PUBLIC") {
      return [{ what, state: "note", detail: error.message }];
    }
    return [failed(what, error)];
  }
}

async function checkStore({ definition, store }: OpenedStore): Promise<DoctorFinding> {
  const what = `store ${definition.name}`;
  return definition.doctor(store).then(
    (detail) => fine(what, detail),
    (error: unknown) => failed(what, error),
  );
}

/** Asks each gateway for a block. That it does not have one is an answer, too. */
export async function checkGateways(options: ContentOptions, chainId: bigint): Promise<DoctorFinding[]> {
  const addresses = listGateways(options, chainId);
  if (addresses.length === 0) {
    return [
      { what: "gateways", state: "skipped", detail: "none is asked: what the local store does not hold is not read" },
    ];
  }
  return Promise.all(addresses.map(checkGateway));
}

async function checkGateway(address: string): Promise<DoctorFinding> {
  try {
    const what = `gateway ${nameGateway(parseGatewayUrl(address))}`;
    const source = new GatewaySource([address], { warn: () => undefined });
    return await source.get(EMPTY.cid).then(
      () => fine(what, "answers"),
      (error: unknown) =>
        error instanceof ProvenanceError && error.code === "STORE_BLOCK_MISSING"
          ? fine(what, "answers")
          : failed(what, error),
    );
  } catch (error) {
    return failed("gateway", error);
  }
}

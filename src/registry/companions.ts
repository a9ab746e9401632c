import { ZeroAddress } from "ethers";
import { IModelRenderer__factory } from "../../typechain-types/factories/contracts/registry/IModelRenderer.sol/IModelRenderer__factory.ts";
import { decodeRevert, toChainError } from "./chain-error.ts";
import { assertOtherContract } from "./other-contract.ts";
import type { Registry } from "./registry.ts";

/** The contract that draws a registry's tokens. */
export interface RendererState {
  /** Undefined where there is none. */
  readonly renderer?: string;
  /** Whether it can change no more; undefined where nobody administers the registry, which comes to the same. */
  readonly locked?: boolean;
}

/** Reads which contract transfers ask; undefined: none. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readTransferValidator({ contract }: Registry): Promise<string | undefined> {
  try {
    const validator = await contract.getTransferValidator();
    return validator === ZeroAddress ? undefined : validator;
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/**
 * Reads which contract draws the tokens, and whether that can change. The lock has no getter: a call as the admin is tried,
 * which sends nothing.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readRenderer({ contract, provider }: Registry): Promise<RendererState> {
  try {
    const [renderer, admin] = await Promise.all([contract.getRenderer(), contract.defaultAdmin()]);
    const state = renderer === ZeroAddress ? {} : { renderer };
    return admin === ZeroAddress ? state : { ...state, locked: await isLocked(contract.connect(provider), admin) };
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/**
 * Tells whether a contract draws as a renderer does, and with a picture of some length.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function answersAsRenderer({ provider }: Registry, renderer: string): Promise<boolean> {
  const contract = IModelRenderer__factory.connect(renderer, provider);
  try {
    return (await contract.collectionImageURI()).startsWith("data:image/");
  } catch (error) {
    const { interface: contractInterface } = contract;
    await assertOtherContract(error, { provider, address: renderer, contractInterface, name: "collectionImageURI" });
    return false;
  }
}

async function isLocked(contract: Registry["contract"], admin: string): Promise<boolean> {
  try {
    await contract.lockRenderer.staticCall({ from: admin });
    return false;
  } catch (error) {
    if (decodeRevert(error, contract.interface)?.name === "ModelProvenanceLockedRenderer") return true;
    throw error;
  }
}

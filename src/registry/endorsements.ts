import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** A child of a model: a token of this registry, or of another one, on whatever chain. */
export interface ChildModel {
  readonly tokenId: bigint;
  /** Chain and address of the child's registry; this one when left out. */
  readonly registry?: { readonly chainId: bigint; readonly address: string };
}

/**
 * Tells whether an owner of the parent endorsed a child and none withdrew that.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function isEndorsed(registry: Registry, parentId: bigint, child: ChildModel): Promise<boolean> {
  const { contract } = registry;
  return contract.isEndorsed(parentId, ...placeOfChild(registry, child)).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

/** Where a child is, as the contract takes it: chain, registry, token. */
export function placeOfChild(here: Registry, { tokenId, registry = here }: ChildModel): [bigint, string, bigint] {
  return [registry.chainId, registry.address, tokenId];
}

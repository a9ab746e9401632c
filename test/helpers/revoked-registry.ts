import type { Registry } from "../../src/registry/registry.ts";

const REVOKED = 2n;

/** A registry that answers as if all its models were revoked. */
export function asRevoked(registry: Registry): Registry {
  const getModelData = async (tokenId: bigint) => {
    const data = await registry.contract.getModelData(tokenId);
    return new Proxy(data, {
      get: (target, key) => (key === "status" ? REVOKED : (Reflect.get(target, key, target) as unknown)),
    });
  };
  const contract = new Proxy(registry.contract, {
    get: (target, key, receiver) =>
      key === "getModelData" ? getModelData : (Reflect.get(target, key, receiver) as unknown),
  });
  return { ...registry, contract };
}

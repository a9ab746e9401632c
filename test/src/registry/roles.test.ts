import { expect } from "chai";
import type { Provider } from "ethers";
import { answersAsRenderer, readRenderer, readTransferValidator } from "../../../src/registry/companions.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import { listRoleHolders } from "../../../src/registry/role-holders.ts";
import { readAdministration } from "../../../src/registry/roles.ts";
import { beginAdminTransfer, cancelAdminTransfer, grantRole, revokeRole } from "../../../src/publish/administer.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";

const { loadFixture, mine } = networkHelpers;

/** The registry behind a node that searches only so many blocks at once. */
function withRangeLimit(registry: Registry, blocks: number): { limited: Registry; requests: () => number } {
  let requests = 0;
  const getLogs: Provider["getLogs"] = async (filter) => {
    requests++;
    const { fromBlock, toBlock } = filter as { fromBlock: number; toBlock: number };
    if (toBlock - fromBlock + 1 > blocks) throw new Error(`query exceeds max block range ${blocks}`);
    return registry.provider.getLogs(filter);
  };
  const provider = new Proxy(registry.provider, {
    get: (target, key) => {
      if (key === "getLogs") return getLogs;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { limited: { ...registry, provider }, requests: () => requests };
}

describe("listRoleHolders", function () {
  it("lists who has a role now, in the order it was given, whatever the node allows", async function () {
    const { registry, admin, minter, curator, owner, stranger } = await loadFixture(deployRegistry);
    const by = { signer: admin };
    await grantRole(registry, "minter", owner.address, by);
    await mine(500);
    await grantRole(registry, "curator", stranger.address, by);
    await revokeRole(registry, "minter", minter.address, by);
    await mine(500);
    await revokeRole(registry, "minter", owner.address, by);
    await grantRole(registry, "minter", owner.address, by);
    const all = await listRoleHolders(registry);
    expect(all.map(({ role, account }) => [role, account])).to.deep.equal([
      ["admin", admin.address],
      ["curator", curator.address],
      ["curator", stranger.address],
      ["minter", owner.address],
    ]);
    expect(all[2]).to.include({ grantedBy: admin.address });

    const { limited, requests } = withRangeLimit(registry, 100);
    expect(await listRoleHolders(limited)).to.deep.equal(all);
    expect(requests()).to.be.greaterThan(10);
    const late = await listRoleHolders(registry, all[3]?.blockNumber);
    expect(late.map(({ account }) => account)).to.deep.equal([owner.address]);
  });
});

describe("the administration of a registry", function () {
  it("is named, forgotten, and read", async function () {
    const { registry, admin, owner, stranger } = await loadFixture(deployRegistry);
    expect(await readAdministration(registry)).to.deep.equal({ admin: admin.address, delay: 259_200 });
    await beginAdminTransfer(registry, owner.address, { signer: admin });
    const { pending } = await readAdministration(registry);
    expect(pending?.account).to.equal(owner.address);
    await cancelAdminTransfer(registry, { signer: admin });
    expect(await readAdministration(registry)).not.to.have.property("pending");
    const refused = beginAdminTransfer(registry, stranger.address, { signer: stranger });
    expect(await errorCode(async () => refused)).to.equal("TRANSACTION_REFUSED");
  });
});

describe("the contracts beside a registry", function () {
  it("are read, and asked what they are", async function () {
    const { registry } = await loadFixture(deployRegistry);
    expect(await readTransferValidator(registry)).to.equal(undefined);
    expect(await readRenderer(registry)).to.deep.equal({ locked: false });
    expect(await answersAsRenderer(registry, registry.address)).to.equal(false);
  });
});

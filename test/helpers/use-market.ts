import { type JsonRpcSigner, parseEther } from "ethers";
import type { Page } from "playwright-core";
import { toHex32 } from "../../src/base/hex.ts";
import { toCaip10 } from "../../src/registry/registry.ts";
import type { LicenseMarket } from "../../typechain-types/contracts/market/LicenseMarket.ts";
import type { ERC20Mock } from "../../typechain-types/contracts/mocks/TokenMocks.sol/ERC20Mock.ts";
import { LicenseMarket__factory } from "../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import { ERC20Mock__factory } from "../../typechain-types/factories/contracts/mocks/TokenMocks.sol/ERC20Mock__factory.ts";
import { type FakeWalletOptions, addFakeWallet } from "./fake-wallet.ts";
import { Kind, makeOffer } from "./offers.ts";
import { type Family, recordFamily } from "./registry-of-models.ts";
import { serveRegistry } from "./served-registry.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";
import type { PageTests } from "./use-browser.ts";

/** A market beside a served registry, with three offers of a model whose parent gets a tenth. */
export interface ServedMarket {
  readonly served: Awaited<ReturnType<typeof serveRegistry>>;
  readonly family: Family;
  readonly market: LicenseMarket;
  readonly token: ERC20Mock;
  /** Has a thousand of the token. */
  readonly buyer: JsonRpcSigner;
}

/** Serves a market for the tests of a describe block; it is there from the first test on. */
export function useMarket(temporary: TemporaryFolder): () => ServedMarket {
  let found: Omit<ServedMarket, "family"> | undefined;
  let family: Family | undefined;

  before(async function () {
    const served = await serveRegistry();
    const { minter } = served;
    const buyer = await minter.provider.getSigner(5);
    const market = await new LicenseMarket__factory(minter).deploy();
    const token = await new ERC20Mock__factory(minter).deploy();
    await market.waitForDeployment();
    await token.waitForDeployment();
    await token.mint(buyer, 10n ** 21n);
    found = { served, market, token, buyer };
  });

  beforeEach(async function () {
    if (family !== undefined || found === undefined) return;
    const { served, market, token } = found;
    const tuned = await recordFamily(served, temporary);
    family = tuned;
    const { contract } = served.registry;
    await market.setUpstream(contract, tuned.tuned, [1_000n]);
    const list = async (overrides: Parameters<typeof makeOffer>[3]) =>
      market.list(await makeOffer(contract, tuned.tuned, served.minter, overrides));
    await list({ price: parseEther("0.25"), limit: 3n });
    await list({ price: 5n * 10n ** 18n, currency: token, kind: Kind.Serve, duration: 0n });
    await list({ price: 0n, kind: Kind.Derive, endsWhenRevoked: true });
  });

  after(async function () {
    await found?.served.close();
  });

  return () => ({ ...(found as Omit<ServedMarket, "family">), family: family as Family });
}

/** Opens the page of a model that is for sale, and waits for its offers. */
export async function openForSale(
  tests: PageTests,
  { served, market, family, buyer }: ServedMarket,
  wallet: FakeWalletOptions | undefined,
  options: object = {},
) {
  const registry = { ...served.registry, market: await market.getAddress() };
  const at = `#/${toCaip10(registry)}/${toHex32(family.tuned)}`;
  const opened = await tests.open({ at, registries: [registry], store: served.store, ...options });
  const asked = wallet === undefined ? [] : await addFakeWallet(opened.context, buyer, wallet);
  await opened.page.reload();
  const offers = opened.page.locator(".offer");
  await offers.nth(2).waitFor();
  return { ...opened, asked, offers };
}

/** Buys under the offer of a kind, on the page of a model. */
export async function buyInPage(page: Page, kind: string, licensee?: string) {
  const offer = page.locator(".offer", { hasText: kind });
  await offer.getByText("Buy a licence").click();
  if (licensee !== undefined) await offer.getByLabel("For another account").fill(licensee);
  await offer.locator("button[type=submit]").click();
  return offer;
}

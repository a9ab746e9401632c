import { expect } from "chai";
import type { OptionDeclaration } from "../../../../src/base/option.ts";
import { joinStores, openStores } from "../../../../src/content/stores/open-stores.ts";
import { STORES, STORE_NAMES, STORE_OPTIONS } from "../../../../src/content/stores/stores.ts";
import { makeArweaveKey } from "../../../helpers/arweave-key.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

describe("STORES", function () {
  const temporary = useTemporaryFolder();
  const context = { findCopies: async () => Promise.resolve([]), note: () => undefined, warn: () => undefined };

  async function values() {
    await temporary.write("", { "key.json": JSON.stringify(makeArweaveKey()) });
    return {
      storePath: temporary.path("store"),
      pinataJwt: "a.b.c",
      psaUrl: "https://pin.example/psa",
      psaToken: "t",
      arweaveKeyFile: temporary.path("key.json"),
      s3Bucket: "b",
    };
  }

  it("says of each store what the store says of itself", async function () {
    for (const { definition, store } of await openStores(STORE_NAMES, await values(), context)) {
      expect(store.name).to.equal(definition.name);
      expect(store.public, definition.name).to.equal(definition.public);
      expect(store.role ?? "provider", definition.name).to.equal(definition.role);
    }
  });

  it("declares each flag, variable and option once", function () {
    const declarations: readonly OptionDeclaration<unknown>[] = Object.values(STORE_OPTIONS);
    expect(declarations).to.have.length(STORES.flatMap(({ options }) => Object.keys(options)).length);
    for (const key of ["flag", "environment"] as const) {
      expect(new Set(declarations.map((declaration) => declaration[key])).size).to.equal(declarations.length);
    }
  });

  it("lets a store answer that stands on this machine", async function () {
    const [opened] = await openStores(["local"], await values(), context);
    expect(await opened?.definition.doctor(opened.store)).to.include("answers");
  });

  it("refuses stores that lack another one beside them", async function () {
    expect(await errorCode(async () => openStores(["arweave"], await values(), context))).to.equal("OPTION_INVALID");
    expect(await errorCode(async () => openStores(["psa"], await values(), context))).to.equal("OPTION_INVALID");
    const opened = await openStores(["local", "arweave"], await values(), context);
    expect(joinStores(opened)).to.include({ name: "local,arweave", public: true });
  });
});

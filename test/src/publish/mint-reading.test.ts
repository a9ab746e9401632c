import { expect } from "chai";
import { GatewaySource } from "../../../src/content/gateways/gateway-source.ts";
import { readThrough } from "../../../src/content/gateways/read-through.ts";
import type { Metadata } from "../../../src/metadata/schema.ts";
import { mintModel } from "../../../src/publish/mint-model.ts";
import { prepareModel } from "../../../src/publish/prepare-model.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { publishModel } from "../../helpers/published-model.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { closeGateways, startGateway } from "../../helpers/servers/gateway.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("mintModel of a model that is minted already", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGateways);

  it("reads from gateways what the token says, and finds it the same but for the signature", async function () {
    const { registry, minter, ...deployed } = await networkHelpers.loadFixture(deployRegistry);
    const modelPath = await temporary.write("model", { "w.bin": "weights" });
    const otherwiseSigned = (metadata: Metadata) => {
      metadata.signature.value = `${metadata.signature.value}00`;
      return metadata;
    };
    const request = { modelPath, statements: {}, withCid: true };
    const { links } = await publishModel(
      { ...deployed, registry, minter },
      modelPath,
      {},
      { metadata: otherwiseSigned },
    );
    const gateway = await startGateway(links);
    const context = { registry, signer: minter, warn: () => undefined };
    const prepared = await prepareModel(request, context);
    const store = new LocalStore(temporary.path("store"));
    const confirm = async () => undefined;
    const reading = readThrough(store, new GatewaySource([gateway.url]));
    const { transaction, tokenId } = await mintModel(prepared, { ...context, store, reading, confirm });
    expect(transaction).to.equal(undefined);
    expect(tokenId).to.equal(BigInt(prepared.model.modelDigest));
    expect(await errorCode(async () => mintModel(prepared, { ...context, store, confirm }))).to.equal("ALREADY_MINTED");
  });
});

import { expect } from "chai";
import { listGateways, openReading } from "../../../src/cli/open-gateways.ts";
import { PUBLIC_GATEWAYS } from "../../../src/content/gateways/gateway-url.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";

const SEPOLIA = 11155111n;
const DEVELOPMENT = 31337n;

describe("listGateways", function () {
  it("takes public gateways only where none are named and the chain is public", function () {
    expect(listGateways({}, SEPOLIA)).to.deep.equal(PUBLIC_GATEWAYS);
    expect(listGateways({}, DEVELOPMENT)).to.deep.equal([]);
    for (const chainId of [SEPOLIA, DEVELOPMENT]) {
      expect(listGateways({ gateways: ["https://b", "https://a", "https://b"] }, chainId)).to.deep.equal([
        "https://b",
        "https://a",
      ]);
    }
  });

  it("asks the gateway at Pinata first", function () {
    const pinataGateway = "https://mine.example";
    expect(listGateways({ pinataGateway }, DEVELOPMENT)).to.deep.equal([pinataGateway]);
    expect(listGateways({ pinataGateway }, SEPOLIA)).to.deep.equal([pinataGateway, ...PUBLIC_GATEWAYS]);
    expect(listGateways({ pinataGateway, gateways: ["https://a"] }, SEPOLIA)).to.deep.equal([
      pinataGateway,
      "https://a",
    ]);
  });

  it("asks nobody when that is switched off", function () {
    const options = { pinataGateway: "https://mine.example", gateways: ["https://a"], offline: true };
    expect(listGateways(options, SEPOLIA)).to.deep.equal([]);
  });
});

describe("openReading", function () {
  const store = new LocalStore("nowhere");
  const { terminal } = recordingTerminal();

  it("is the store itself where no gateway is asked", function () {
    expect(openReading({ offline: true }, SEPOLIA, store, terminal)).to.equal(store);
    expect(openReading({}, SEPOLIA, store, terminal)).to.not.equal(store);
  });

  it("refuses what is no address of a gateway", async function () {
    const opening = () => openReading({ gateways: ["ftp://a"] }, SEPOLIA, store, terminal);
    expect(await errorCode(opening)).to.equal("OPTION_INVALID");
  });
});

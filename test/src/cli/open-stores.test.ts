import { expect } from "chai";
import { openPinningStore, openLocalStore } from "../../../src/cli/open-stores.ts";
import { PINNING_OPTIONS } from "../../../src/cli/options/pinning.ts";
import { readEnvironment } from "../../../src/cli/options.ts";
import { readArguments } from "../../../src/cli/arguments.ts";
import { onlyEnvironment } from "../../../src/cli/settings.ts";
import { makeArweaveKey } from "../../helpers/arweave-key.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { recordingTerminal } from "../../helpers/recording-terminal.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const LOCAL = 31337n;
const PUBLIC = 11155111n;
const PINATA = { PINATA_JWT: "a.b.c" };
const PSA = { PSA_URL: "https://pin.example/psa", PSA_TOKEN: "t" };
const S3 = { S3_BUCKET: "b" };

describe("openPinningStore", function () {
  const temporary = useTemporaryFolder();
  let arweave: Record<string, string>;

  beforeEach(async function () {
    await temporary.write("", { "key.json": JSON.stringify(makeArweaveKey()), "other.json": "{}" });
    arweave = { ARWEAVE_KEY_FILE: temporary.path("key.json") };
  });

  const open = async (environment: Record<string, string>, chainId = LOCAL) => {
    const options = readEnvironment(PINNING_OPTIONS, environment);
    return openPinningStore(options, chainId, recordingTerminal().terminal);
  };
  const message = async (environment: Record<string, string>) =>
    open(environment).then(
      () => "no error",
      (error: Error) => error.message,
    );

  it("opens the local store unless told otherwise, on a development chain", async function () {
    expect(await open({})).to.include({ name: "local", public: false });
    expect(openLocalStore({})).to.include({ name: "local" });
  });

  it("wants a store to be named on a public chain, whichever", async function () {
    expect(await errorCode(async () => open({}, PUBLIC))).to.equal("STORE_NOT_PUBLIC");
    expect(await open({ STORE: "local" }, PUBLIC)).to.include({ name: "local", public: false });
    expect(await open({ STORE: "pinata", ...PINATA }, PUBLIC)).to.include({ name: "pinata", public: true });
    expect(await open({ STORE: "local,pinata", ...PINATA }, PUBLIC)).to.include({ name: "local,pinata", public: true });
  });

  it("warns on a public chain where nobody finds on IPFS what is pinned", async function () {
    for (const [store, chainId, count] of [
      ["local", PUBLIC, 1],
      ["s3,arweave", PUBLIC, 1],
      ["local", LOCAL, 0],
      ["local,pinata", PUBLIC, 0],
    ] as const) {
      const { terminal, warnings } = recordingTerminal();
      const options = readEnvironment(PINNING_OPTIONS, { STORE: store, ...PINATA, ...S3, ...arweave });
      await openPinningStore(options, chainId, terminal);
      expect(warnings, store).to.have.length(count);
    }
  });

  it("opens several as one, each once, in any spelling of the list", async function () {
    const environment = { STORE: " pinata, psa,pinata ,local", ...PINATA, ...PSA };
    expect(await open(environment)).to.include({ name: "pinata,psa,local" });
    expect(await open({ STORE: "s3,arweave", ...S3, ...arweave })).to.include({ name: "s3,arweave" });
  });

  const missing: [string, Record<string, string>, string][] = [
    ["pinata", {}, "PINATA_JWT"],
    ["pinata,psa", { ...PINATA, PSA_TOKEN: "t" }, "PSA_URL"],
    ["pinata,psa", { ...PINATA, PSA_URL: PSA.PSA_URL }, "PSA_TOKEN"],
    ["local,arweave", {}, "ARWEAVE_KEY_FILE"],
    ["s3", {}, "S3_BUCKET"],
    ["s3", { ...S3, S3_ACCESS_KEY_ID: "x" }, "S3_SECRET_ACCESS_KEY"],
    ["s3", { ...S3, S3_SECRET_ACCESS_KEY: "x" }, "S3_ACCESS_KEY_ID"],
  ];
  for (const [store, environment, name] of missing) {
    it(`says what STORE=${store} needs: ${name}`, async function () {
      expect(await errorCode(async () => open({ STORE: store, ...environment }))).to.equal("OPTION_MISSING");
      expect(await message({ STORE: store, ...environment })).to.include(name);
    });
  }

  it("refuses a pinning service that nobody provides content to", async function () {
    for (const STORE of ["psa", "psa,local", "psa,s3"]) {
      expect(await errorCode(async () => open({ STORE, ...PSA, ...S3 }))).to.equal("OPTION_INVALID");
      expect(await message({ STORE, ...PSA, ...S3 })).to.include("PSA_ELSEWHERE=1");
      expect(await open({ STORE, PSA_ELSEWHERE: "1", ...PSA, ...S3 })).to.include({ name: STORE });
    }
  });

  it("takes a Kubo node for one that provides content", async function () {
    expect(await open({ STORE: "kubo,psa", ...PSA })).to.include({ name: "kubo,psa", public: true });
  });

  it("refuses Arweave as the only store", async function () {
    expect(await errorCode(async () => open({ STORE: "arweave", ...arweave }))).to.equal("OPTION_INVALID");
    const both = { STORE: "arweave,psa", PSA_ELSEWHERE: "1", ...arweave, ...PSA };
    expect(await errorCode(async () => open(both))).to.equal("OPTION_INVALID");
  });

  it("says that a key file cannot be read, or holds no key", async function () {
    for (const name of ["nowhere.json", "other.json"]) {
      const environment = { STORE: "local,arweave", ARWEAVE_KEY_FILE: temporary.path(name) };
      expect(await errorCode(async () => open(environment))).to.equal("OPTION_INVALID");
    }
  });

  it("sends no secret in the clear", async function () {
    const clear = "http://service.example/v3";
    for (const environment of [
      { STORE: "pinata", ...PINATA, PINATA_API_URL: clear },
      { STORE: "pinata", ...PINATA, PINATA_UPLOAD_URL: clear },
      { STORE: "pinata,psa", ...PINATA, ...PSA, PSA_URL: clear },
      { STORE: "s3", ...S3, S3_ENDPOINT: clear },
    ]) {
      expect(await errorCode(async () => open(environment))).to.equal("OPTION_INVALID");
    }
  });

  describe("its options", function () {
    const refused: [string, string][] = [
      ["STORE", "nowhere"],
      ["STORE", "local,nowhere"],
      ["STORE", ","],
      ["STORE", "Pinata"],
      ["PINATA_GATEWAY", "not a host"],
      ["PINATA_GATEWAY", "ftp://example.mypinata.cloud"],
      ["PINATA_API_URL", "api.pinata.cloud"],
      ["PSA_URL", "pin.example"],
      ["PSA_URL", "https://user:password@pin.example"],
      ["ARWEAVE_URL", "https://user@arweave.example"],
      ["S3_ENDPOINT", "https://:password@s3.example"],
      ["PSA_ORIGINS", "203.0.113.7"],
      ["PSA_ORIGINS", "/ip4/203.0.113.7/tcp/4001"],
      ["PSA_ORIGINS", Array(21).fill("/p2p/12D3KooWtests").join(",")],
      ["PSA_TIMEOUT", "0"],
      ["PSA_TIMEOUT", "1.5"],
      ["PSA_TIMEOUT", "soon"],
      ["ARWEAVE_MAX_PRICE", "-1"],
      ["ARWEAVE_MAX_PRICE", "0.0000000000001"],
      ["ARWEAVE_MAX_PRICE", "much"],
    ];
    for (const [name, text] of refused) {
      it(`refuse ${name}=${text.slice(0, 40)}`, async function () {
        expect(await errorCode(() => readEnvironment(PINNING_OPTIONS, { [name]: text }))).to.equal("OPTION_INVALID");
      });
    }

    it("take a gateway as a host or a URL, and amounts in AR", function () {
      const read = (name: string, text: string) => Object.values(readEnvironment(PINNING_OPTIONS, { [name]: text }))[0];
      for (const text of ["a.mypinata.cloud", "https://a.mypinata.cloud", "https://a.mypinata.cloud//"]) {
        expect(read("PINATA_GATEWAY", text)).to.equal("https://a.mypinata.cloud");
      }
      expect(read("ARWEAVE_MAX_PRICE", "0.01")).to.equal(10n ** 10n);
      expect(read("ARWEAVE_MAX_PRICE", "2")).to.equal(2n * 10n ** 12n);
      expect(read("PSA_ORIGINS", "/p2p/Qm1, /ip4/1.2.3.4/tcp/1/p2p/Qm2")).to.deep.equal([
        "/p2p/Qm1",
        "/ip4/1.2.3.4/tcp/1/p2p/Qm2",
      ]);
    });

    it("take no secret from the command line, where every process could read it", async function () {
      const shape = { name: "pin", positionals: [], options: PINNING_OPTIONS };
      for (const flag of ["--pinata-jwt", "--psa-token", "--s3-secret-access-key", "--s3-access-key-id"]) {
        expect(await errorCode(() => readArguments(shape, [flag, "x"], onlyEnvironment({}))), flag).to.equal(
          "OPTION_INVALID",
        );
      }
      const { store, pinataJwt } = readArguments(shape, ["--store", "pinata,psa"], onlyEnvironment(PINATA));
      expect({ store, pinataJwt }).to.deep.equal({
        store: ["pinata", "psa"],
        pinataJwt: PINATA.PINATA_JWT,
      });
    });
  });
});

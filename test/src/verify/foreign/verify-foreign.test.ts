import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import { importer } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { type CID } from "multiformats/cid";
import { verifyForeign } from "../../../../src/verify/foreign/verify-foreign.ts";
import { rawBlock } from "../../../../src/content/cid.ts";
import { ethers } from "../../../helpers/deploy-model-provenance.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { setUpVerify } from "../../../helpers/verify-command.ts";

const WEIGHTS = Buffer.alloc(600_000, "weights");
const SHA = createHash("sha256").update(WEIGHTS).digest();
const attribute = (value: string) => ({ name: "Mine", attributes: [{ trait_type: "Weights hash", value }] });

describe("verifyForeign", function () {
  const temporary = useTemporaryFolder();
  const servers: Server[] = [];

  afterEach(function () {
    for (const server of servers.splice(0)) server.close();
  });

  async function deploy() {
    const account = await (await ethers.provider.getSigner()).getAddress();
    const token = await ethers.deployContract("BareURIStorageNFT", [account]);
    const contract = await token.getAddress();
    const folder = await temporary.write("model", { "model.bin": WEIGHTS });
    const store = new MemoryStore();
    let nextId = 0n;
    const mint = async (uri: string) => {
      await token.mint(account, uri);
      return nextId++;
    };
    const verify = async (uri: string, modelPath = `${folder}/model.bin`, privateOrigin?: string) =>
      verifyForeign({
        modelPath,
        provider: ethers.provider,
        contract,
        tokenId: await mint(uri),
        store,
        ...(privateOrigin !== undefined && { privateOrigin }),
      });
    return { contract, folder, store, verify, mint, token };
  }

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("finds nothing below a block that is no folder, and reads a list of any length", async function () {
    const { verify, store } = await deploy();
    const block = rawBlock(Buffer.from(JSON.stringify(attribute(SHA.toString("hex")))));
    store.add(block);
    expect((await verify(`ipfs://${block.cid.toString()}`)).verdict).to.equal("verified");
    expect((await verify(`ipfs://${block.cid.toString()}/a/path`)).verdict).to.equal("unchecked");
    const long = rawBlock(Buffer.from(JSON.stringify([...Array<number>(200_000).fill(1), SHA.toString("hex")])));
    store.add(long);
    expect((await verify(`ipfs://${long.cid.toString()}`)).verdict).to.equal("verified");
  });

  const inline = (json: unknown) =>
    `data:application/json;base64,${Buffer.from(JSON.stringify(json)).toString("base64")}`;

  const forms: [name: string, metadata: unknown][] = [
    ["SHA-256 in hex", attribute(SHA.toString("hex"))],
    ["SHA-256 with 0x", { provenance: { weightsHash: `0x${SHA.toString("hex")}` } }],
    ["SHA-256 in base64", attribute(SHA.toString("base64"))],
    ["Keccak-256", attribute(Buffer.from(keccak_256(WEIGHTS)).toString("hex"))],
    [
      "Keccak-256 by name",
      { properties: { model_hash: `keccak256:${Buffer.from(keccak_256(WEIGHTS)).toString("hex")}` } },
    ],
  ];
  for (const [name, metadata] of forms) {
    it(`accepts ${name}, and says what that does not prove`, async function () {
      const { verify, contract } = await deploy();
      const report = await verify(inline(metadata));
      expect(report).to.include({ verdict: "verified", method: "foreign", filesChecked: 1 });
      expect(report.warnings.join(" ")).to.include(contract).and.include("not who made the model");
      expect(report).to.not.have.property("record");
      const other = await temporary.write("other", { "model.bin": "other" });
      expect((await verify(inline(metadata), `${other}/model.bin`)).verdict).to.equal("mismatch");
    });
  }

  for (const [name, rawLeaves, cidVersion] of [
    ["Kubo's defaults of many years", false, 0],
    ["Kubo's with CIDv1", true, 1],
  ] as const) {
    it(`accepts a CID as ${name} cut it`, async function () {
      const { verify } = await deploy();
      const blocks = { put: async (cid: CID) => Promise.resolve(cid) };
      let root = "";
      for await (const entry of importer([{ path: "model.bin", content: [WEIGHTS] }], blocks, {
        cidVersion,
        rawLeaves,
        chunker: fixedSize({ chunkSize: 262_144 }),
        layout: balanced({ maxChildrenPerNode: 174 }),
      })) {
        root = entry.cid.toString();
      }
      expect((await verify(inline(attribute(`ipfs://${root}`)))).verdict).to.equal("verified");
    });
  }

  it("reads metadata from IPFS, by ipfs:// and by a gateway's address", async function () {
    const { verify, store } = await deploy();
    const block = rawBlock(Buffer.from(JSON.stringify(attribute(SHA.toString("hex")))));
    store.add(block);
    const cid = block.cid.toString();
    for (const uri of [`ipfs://${cid}`, `https://gateway.pinata.cloud/ipfs/${cid}`]) {
      expect((await verify(uri)).verdict, uri).to.equal("verified");
    }
    expect((await verify(`ipfs://${rawBlock(Buffer.from("gone")).cid.toString()}`)).verdict).to.equal("unchecked");
  });

  it("reads metadata that pinning services wrap into a node with its bytes inside", async function () {
    const { verify, store } = await deploy();
    const content = Buffer.from(JSON.stringify(attribute(SHA.toString("hex"))));
    let root: CID | undefined;
    const put = async (cid: CID, bytes: Uint8Array) => {
      store.add({ cid, bytes });
      return Promise.resolve(cid);
    };
    for await (const entry of importer(
      [{ content: [content] }],
      { put },
      {
        cidVersion: 0,
        rawLeaves: false,
      },
    )) {
      root = entry.cid;
    }
    expect(root?.toString()).to.match(/^Qm/);
    expect((await verify(`ipfs://${root?.toString()}`)).verdict).to.equal("verified");
  });

  it("reads metadata from the web, within limits", async function () {
    const { verify } = await deploy();
    const json = JSON.stringify(attribute(SHA.toString("hex")));
    const origin = await serve((request, response) => {
      if (request.url === "/ok") response.end(json);
      else if (request.url === "/moved") response.writeHead(302, { location: "/ok" }).end();
      else if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
      else if (request.url === "/private") response.writeHead(302, { location: "http://127.0.0.2:1/" }).end();
      else if (request.url === "/large") response.end(Buffer.alloc(2 * 1024 * 1024, " "));
      else if (request.url === "/html") response.end("<html>");
      else response.writeHead(404).end();
    });
    const at = async (path: string, allowed: string | undefined = origin) =>
      verify(`${origin}${path}`, undefined, allowed);
    expect((await at("/ok")).verdict).to.equal("verified");
    expect((await at("/ok")).warnings.join()).to.include("can answer something else tomorrow");
    expect((await at("/moved")).verdict).to.equal("verified");
    for (const path of ["/loop", "/private", "/large", "/html", "/none"]) {
      expect((await at(path)).verdict, path).to.equal("unchecked");
    }
    // A private address is asked only where the verifier names it: a token cannot choose one.
    const refused = await verify(`${origin}/ok`);
    expect(refused.verdict).to.equal("unchecked");
    expect(refused.reason).to.include("no public address");
  });

  it("does not take one file of a folder for the folder", async function () {
    const { verify, folder } = await deploy();
    const { writeFile } = await import("node:fs/promises");
    await writeFile(`${folder}/run.py`, "import os");
    const report = await verify(inline(attribute(SHA.toString("hex"))), folder);
    expect(report.verdict).to.equal("unchecked");
    expect(report.reason).to.include("1 of 2 files");
  });

  it("says what is missing: no token, no contract's answer, no hash", async function () {
    const { verify, contract, folder, store } = await deploy();
    expect((await verify(inline({ name: "no hash", attributes: [] }))).verdict).to.equal("not-registered");
    expect((await verify("ftp://nowhere")).verdict).to.equal("unchecked");
    const none = await verifyForeign({
      modelPath: `${folder}/model.bin`,
      provider: ethers.provider,
      contract,
      tokenId: 999_999n,
      store,
    });
    expect(none.verdict).to.equal("not-registered");
  });

  it("is reached by --foreign, and no policy takes it for a record", async function () {
    const { verify, modelOptions } = await commandFor();
    const result = await verify(modelOptions);
    expect(result.exitCode, result.stdout + result.stderr).to.equal(0);
    expect(result.stdout).to.include("VERIFIED: A token of a contract that is not a ModelProvenanceNFT");
    expect((await verify({ ...modelOptions, MODEL_CREATORS: `0x${"12".repeat(20)}` })).exitCode).to.equal(5);
    const { TOKEN_ID: _, ...withoutToken } = modelOptions;
    const { errorCode } = await import("../../../helpers/error-code.ts");
    expect(await errorCode(() => verify(withoutToken))).to.equal("OPTION_MISSING");
  });

  async function commandFor() {
    const { verify } = await setUpVerify(temporary);
    const { contract, mint, folder } = await deploy();
    const tokenId = await mint(inline(attribute(SHA.toString("hex"))));
    const modelOptions: Record<string, string> = {
      MODEL_PATH: `${folder}/model.bin`,
      FOREIGN_CONTRACT: contract,
      TOKEN_ID: String(tokenId),
    };
    return { verify, modelOptions };
  }
});

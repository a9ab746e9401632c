import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { AGENT } from "../../../../src/exports/agent/agent.ts";
import { readModel } from "../../../../src/exports/read-model.ts";
import { writeForm } from "../../../../src/exports/write-form.ts";
import { rawBlock } from "../../../../src/content/cid.ts";
import { verifyDocumentSchema } from "../../../../src/verify/report-document.ts";
import { ethers } from "../../../helpers/deploy-model-provenance.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";
import { setUpVerify } from "../../../helpers/verify-command.ts";

const TYPE = "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";
const STRANGER = "eip155:1:0x5FbDB2315678afecb367f032d93F642f64180aa3";

interface Entry {
  endpoint: string;
  model: { license: string };
}

describe("verify --agent", function () {
  const temporary = useTemporaryFolder();
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const server = createServer((request, response) => answer(request, response));
  let origin: string;

  before(async function () {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(function () {
    server.close();
  });

  /** A recorded model, the entry that its export writes, and agents whose registration files hold what they are told. */
  async function setUp() {
    const known = await setUpVerify(temporary);
    const { registry, store, keep } = known;
    const model = await temporary.write("model", { "README.md": "A model.", "w.safetensors": "weights" });
    const tokenId = await known.record({ modelPath: model, statements: { name: "Mine", license: "MIT" } });
    const evidence = { kind: "chain", registries: [registry], unreachable: [], store } as const;
    const exported = await readModel(evidence, { ids: [BigInt(tokenId)], isNamed: true });
    const entry = JSON.parse(Buffer.from(await writeForm(AGENT, exported)).toString()) as Entry;
    const identities = await ethers.deployContract("IdentityRegistryMock");
    const address = await identities.getAddress();
    let nextId = 0;
    const fileOf = (services: readonly object[], more: object = {}) => ({
      type: TYPE,
      name: "Helper",
      services: [{ name: "MCP", endpoint: "https://mcp.example" }, ...services],
      registrations: [{ agentId: nextId, agentRegistry: `eip155:31337:${address}` }],
      ...more,
    });
    const register = async (uri?: string) => {
      await (uri === undefined
        ? identities.getFunction("register()")()
        : identities.getFunction("register(string)")(uri));
      return `eip155:31337:${address}/${nextId++}`;
    };
    const inline = async (services: readonly object[], more: object = {}) =>
      register(`data:application/json,${encodeURIComponent(JSON.stringify(fileOf(services, more)))}`);
    const pinned = async (services: readonly object[]) => {
      const block = rawBlock(Buffer.from(JSON.stringify(fileOf(services))));
      store.add(block);
      await keep();
      return register(`ipfs://${block.cid.toString()}`);
    };
    const ask = async (agent: string, environment: Record<string, string> = {}) =>
      known.verify({ VERIFY_AGENT: agent, ...environment });
    return { ...known, model, tokenId, entry, address, fileOf, register, inline, pinned, ask };
  }

  it("says which model the agent names, that it is recorded, and that nobody knows what the agent runs", async function () {
    const { pinned, inline, entry, ask, tokenId, minter } = await setUp();
    for (const agent of [await pinned([entry]), await inline([entry])]) {
      const { exitCode, stdout } = await ask(agent, { OUTPUT_FORMAT: "json" });
      expect(exitCode, stdout).to.equal(0);
      const report = verifyDocumentSchema.parse(JSON.parse(stdout));
      expect(report).to.include({ verdict: "verified", method: "agent", filesChecked: 0 });
      expect(report.record).to.include({ tokenId, creator: minter.address });
      expect(report.agent?.models[0]).to.include({ tokenId, name: "Mine", license: "MIT" });
      expect(report.agent).to.include({ id: agent, name: "Helper" });
      expect(report.reason).to.include("says that it runs").and.include("what the agent runs is not known");
      expect(report.notChecked.map(({ what }) => what)).to.include("whether the agent runs the model it names");
      expect(report.warnings.join()).to.not.include("registration file");
    }
    const { stdout } = await ask(await inline([entry]));
    expect(stdout)
      .to.match(/^VERIFIED: The owner of the agent eip155:31337:/)
      .and.match(/agent +eip155:.*"Helper" of 0x/);
    const vsa = await ask(await inline([entry]), { OUTPUT_FORMAT: "vsa" });
    const statement = JSON.parse(vsa.stdout) as { subject: { digest: object }[] };
    expect(statement.subject[0]?.digest).to.deep.equal({ sha256: tokenId.slice(2) });
  });

  it("is not acceptable where the model was recalled, or the policy does not allow it", async function () {
    const { inline, entry, ask, contract, curator, tokenId } = await setUp();
    const agent = await inline([entry]);
    const policy = temporary.path("policy.yaml");
    const judge = async (rules: string) => {
      await writeFile(policy, `schemaVersion: "1.0"\n${rules}\n`);
      return ask(agent, { MODEL_POLICY: policy });
    };
    expect((await judge("licenses: { allow: [MIT] }")).exitCode).to.equal(0);
    expect((await judge("licenses: { allow: [Apache-2.0] }")).exitCode).to.equal(5);
    // Nobody looked at the files, and they can be had.
    const unread = await judge("formats: { refuse: [pickle] }");
    expect(unread.exitCode).to.equal(4);
    expect(unread.stdout).to.include("the formats of the files are not known");
    expect((await judge("formats: { refuse: [pickle] }\nlicenses: { allow: [Apache-2.0] }")).exitCode).to.equal(5);
    await contract.connect(curator).setStatus(tokenId, 2, "Wrong data.");
    const revoked = await ask(agent);
    expect(revoked.exitCode).to.equal(5);
    expect(revoked.stdout).to.include("Wrong data.");
  });

  it("trusts no registry that the agent alone names, and finds nothing where nothing was recorded", async function () {
    const { inline, entry, ask, registry, tokenId } = await setUp();
    const elsewhere = await ask(await inline([{ ...entry, endpoint: `${STRANGER}/${tokenId}` }]));
    expect(elsewhere.exitCode).to.equal(5);
    expect(elsewhere.stdout).to.include(`${STRANGER}, which is not one of the registries that are trusted`);
    const endpoint = `eip155:31337:${registry.address}/0x${"ab".repeat(32)}`;
    const absent = await ask(await inline([{ name: "model-provenance", endpoint }]));
    expect(absent.exitCode).to.equal(3);
    expect(absent.stdout).to.include("and there is none");
    const both = await inline([entry, { name: "model-provenance", endpoint }]);
    const open = await ask(both);
    expect(open.exitCode).to.equal(4);
    expect(open.stdout).to.include("names 2 models: say with --token");
    expect((await ask(both, { TOKEN_ID: tokenId })).exitCode).to.equal(0);
    const other = await ask(await inline([entry]), { TOKEN_ID: `0x${"ab".repeat(32)}` });
    expect(other.exitCode).to.equal(1);
    expect(other.stdout).to.include("The agent does not name this model");
  });

  it("says that an agent is not there, or names no model, and could not check what cannot be read", async function () {
    const { inline, register, entry, ask, address } = await setUp();
    const nobody = await ask(`eip155:31337:${address}/99`);
    expect(nobody.exitCode).to.equal(3);
    expect(nobody.stdout).to.include("has no agent 99");
    const silent = await ask(await inline([]));
    expect(silent.exitCode).to.equal(3);
    expect(silent.stdout).to.include("names no model");
    const bare = await ask(await register());
    expect(bare.exitCode).to.equal(3);
    expect(bare.stdout).to.include("has no agent 1 with a file");
    const unreadable = [
      await inline([{ ...entry, endpoint: "https://example.org" }]),
      await register("data:application/json,{"),
      await register("ftp://example.org/agent.json"),
      await register(`ipfs://${rawBlock(Buffer.from("nowhere")).cid.toString()}`),
    ];
    for (const agent of unreadable) {
      expect((await ask(agent)).exitCode, agent).to.equal(4);
    }
  });

  it("asks the web as of any stranger: no private address, no endless answer, no redirect to one; and says that it may change", async function () {
    const { register, fileOf, entry, ask } = await setUp();
    const agent = await register(`${origin}/agent.json`);
    let asked = 0;
    answer = (_, response) => {
      asked++;
      response.end(JSON.stringify(fileOf([entry], { registrations: [] })));
    };
    const closed = await ask(agent);
    expect([closed.exitCode, asked]).to.deep.equal([4, 0]);
    expect(closed.stdout).to.include("is no public address");
    const open = await ask(agent, { FOREIGN_ORIGIN: origin });
    expect(open.exitCode).to.equal(0);
    expect(open.stderr).to.include("may answer something else at any time").and.include("does not name this agent");

    const wrong: (typeof answer)[] = [
      (_, response) => response.writeHead(404).end(),
      (_, response) => response.end("<html>"),
      (_, response) => response.writeHead(302, { location: "http://127.0.0.2:1/" }).end(),
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      (_, response) => response.end(Buffer.alloc(2 ** 20 + 1, 32)),
      (request) => request.socket.destroy(),
    ];
    for (const way of wrong) {
      answer = way;
      expect((await ask(agent, { FOREIGN_ORIGIN: origin })).exitCode, String(way)).to.equal(4);
    }
  });

  it("compares the model at hand with what the agent names", async function () {
    const { inline, entry, ask, model, record } = await setUp();
    const agent = await inline([entry]);
    const same = await ask(agent, { MODEL_PATH: model, OUTPUT_FORMAT: "json" });
    expect(same.exitCode, same.stdout).to.equal(0);
    const report = verifyDocumentSchema.parse(JSON.parse(same.stdout));
    expect(report.method).to.equal("digests");
    expect(report.checks.find(({ name }) => name === "agent")).to.include({ passed: true });

    const other = await temporary.write("other", { "w.safetensors": "others" });
    await record({ modelPath: other, statements: {} });
    expect((await ask(agent, { MODEL_PATH: other })).exitCode).to.equal(1);
    const copied = { ...entry, model: { ...entry.model, license: "0BSD" } };
    const old = await ask(await inline([copied]), { MODEL_PATH: model });
    expect(old.exitCode).to.equal(0);
    expect(old.stderr).to.include('says of the licence "0BSD"; recorded is "MIT"');
    const unread = await ask(`eip155:31337:${agent.split(":")[2]?.split("/")[0]}/99`, { MODEL_PATH: model });
    expect(unread.exitCode).to.equal(3);
  });

  it("refuses an option that leaves open what is meant, and an agent on a chain that nobody can ask", async function () {
    const { inline, entry, ask, model } = await setUp();
    const agent = await inline([entry]);
    const codeOf = async (environment: Record<string, string>) =>
      ask(agent, environment).then(
        () => "none",
        (error: { code: string }) => error.code,
      );
    expect(await codeOf({ VERIFY_FAST: "1" })).to.equal("OPTION_INVALID");
    expect(await codeOf({ CREDENTIAL_FILE: "x" })).to.equal("OPTION_INVALID");
    expect(await codeOf({ MODEL_PATH: model, LOCK_FILE: "x" })).to.equal("OPTION_INVALID");
    expect(await codeOf({ RECEIPT_FILE: "x" })).to.equal("OPTION_INVALID");
    expect(await codeOf({ VERIFY_AGENT: agent.replace("31337", "5") })).to.equal("OPTION_MISSING");
    expect(await codeOf({ VERIFY_AGENT: "22" })).to.equal("OPTION_INVALID");
    const bare = "0x00000000000000000000000000000000000000ff";
    expect(await codeOf({ VERIFY_AGENT: `eip155:31337:${bare}/1` })).to.equal("REGISTRY_NOT_FOUND");
  });
});

import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { RoyaltySplitterFactory__factory } from "../../typechain-types/factories/contracts/royalties/RoyaltySplitterFactory__factory.ts";
import { type CommandResult, runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { type DidSite, startDidSite } from "../helpers/servers/did-site.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

/** What the tests look at of a document. */
interface Document {
  readonly reason: string;
  readonly holds: string;
  readonly publisher: { name?: string; claims: { source: string; holds: string }[] };
  readonly contributors: { payee?: string; share: number }[];
  readonly split: { answer: string; why?: string };
  readonly verificationMethods: { blockchainAccountId: string }[];
}

const CHAIN = 1337;

// Over https, as in earnest: the commands trust the site's certificate, and are told that it may be on this machine.
describe("publishers from the command line", function () {
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let site: DidSite;
  let accounts: string[];
  let environment: Record<string, string>;

  before(async function () {
    site = await startDidSite({ https: true });
    served = await serveRegistry(CHAIN);
    const { provider } = served.minter;
    accounts = await Promise.all([0, 1, 2].map(async (index) => (await provider.getSigner(index)).address));
  });

  beforeEach(async function () {
    site.answer = undefined;
    await temporary.write(".", { "site.pem": site.certificate });
    environment = {
      RPC_URL: served.url,
      MODEL_PROVENANCE_ADDRESS: served.registry.address,
      STORE_PATH: temporary.path("store"),
      STATE_PATH: temporary.path("state"),
      NODE_EXTRA_CA_CERTS: temporary.path("site.pem"),
      DID_ORIGIN: site.origin,
    };
  });

  after(async function () {
    await served.close();
    await site.close();
  });

  const creator = () => accounts[0] as string;
  const caip10 = (index = 0) => `eip155:${CHAIN}:${accounts[index]}`;
  const run = async (...args: string[]) => runCommand(args, environment);
  async function done(...args: string[]): Promise<CommandResult> {
    const result = await run(...args);
    expect(result.exitCode, `${result.stdout}\n${result.stderr}`).to.equal(0);
    return result;
  }
  const read = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout) as Document;
  async function publish(content: string, ...args: string[]) {
    const modelPath = await temporary.write("model", { "w.onnx_data": content, "README.md": "A model." });
    const { stderr } = await done("publish", modelPath, "--license", "MIT", "--from", creator(), "--yes", ...args);
    return { modelPath, token: toHex32(BigInt((await hashModel(modelPath)).modelDigest)), stderr };
  }

  it("go from a document and a signature to a name in every form of a verdict", async function () {
    const name = new URL(site.origin).host;
    const unlisted = await run("publisher", "check", site.did, "--accounts", caip10());
    expect(unlisted.exitCode).to.equal(4);
    const { modelPath, token, stderr } = await publish("one", "--publisher", site.did);
    expect(stderr).to.include("could not be checked").and.to.include("publisher check");

    const { stdout: did } = await done("publisher", "document", site.did, "--accounts", caip10());
    site.answer = { id: site.did };
    const missing = await read("publisher", "check", site.did, "--token", token);
    expect(missing.holds).to.equal("no");
    expect(missing.verificationMethods[0]?.blockchainAccountId).to.equal(caip10());
    site.answer = JSON.parse(did) as object;
    const check = await done("publisher", "check", site.did, "--token", token);
    expect(check.stdout).to.match(/^BOTH DIRECTIONS HOLD/);

    const { stdout } = await done("verify", modelPath);
    expect(stdout).to.include(`recorded by ${name} (${creator()})`);
    expect(stdout).to.match(new RegExp(`^publisher +${name} \\(did:web, both ways, as of 2`, "m"));
    const outputs = temporary.path("outputs");
    const github = await done(
      "verify",
      modelPath,
      "--format",
      "github",
      "--contract",
      served.registry.address,
      "--step-output",
      outputs,
    );
    expect(github.stdout).to.include(name);
    expect(await readFile(outputs, "utf8")).to.match(new RegExp(`publisher<<(\\S+)\\n${name}\\n\\1`));
    expect((await done("verify", modelPath, "--format", "junit")).stdout).to.include(
      `<property name="publisher" value="${name} (`,
    );
    expect((await done("verify", modelPath, "--format", "vsa")).stdout)
      .to.include(`#publisher": {`)
      .and.to.include(`"name": "${name}"`);
    expect((await done("lineage", token)).stdout).to.include(`by ${name} (`);
  });

  it("are what a policy asks for and a lock keeps", async function () {
    const { modelPath, token } = await publish("two", "--publisher", site.did);
    site.answer = JSON.parse((await done("publisher", "document", site.did, "--accounts", caip10())).stdout) as object;
    await temporary.write(".", {
      "policy.yaml": `schemaVersion: "1.0"\npublishers: ["${site.did}"]\n`,
      "registries.yaml": `schemaVersion: "1.0"\npublishers: { Example Lab: "${creator()}" }\nregistries:\n  - { chainId: ${CHAIN}, address: "${served.registry.address}", rpcUrl: "${served.url}" }\n`,
    });
    const [policy, lock] = [temporary.path("policy.yaml"), temporary.path("model.lock.json")];
    await done("verify", modelPath, "--policy", policy, "--write-lock", lock);
    const locked = await runCommand(["verify", modelPath, "--lock", lock, "--policy", policy, "--json"], {});
    expect(locked.exitCode, locked.stderr).to.equal(0);
    expect((JSON.parse(locked.stdout) as Document).publisher.claims[0]?.holds).to.equal("yes");
    site.answer = { id: site.did };
    const refused = await run("verify", modelPath, "--policy", policy, "--write-lock", lock);
    expect(refused.exitCode).to.equal(5);
    expect(refused.stdout).to.include("which does not say so any more");
    expect((await run("verify", modelPath, "--policy", policy, "--offline")).exitCode).to.equal(4);
    const book = await read("show", token, "--registries", temporary.path("registries.yaml"), "--offline");
    expect(book.publisher.name).to.equal("Example Lab");
    expect(book.publisher.claims.map(({ source, holds }) => `${source} ${holds}`)).to.deep.equal([
      "address-book yes",
      "did:web unknown",
    ]);
  });

  it("sign for models that are recorded already, in a statement that is named", async function () {
    const { modelPath } = await publish("three");
    const statement = temporary.path("publisher.json");
    await done("publisher", "sign", site.did, "--out", statement, "--from", creator(), "--store", "local");
    const { stdout } = await done("publisher", "document", site.did, "--accounts", caip10());
    site.answer = JSON.parse(stdout) as object;
    expect((await done("publisher", "check", site.did, "--publisher-statements", statement)).stdout).to.match(/^BOTH/);
    expect((await read("verify", modelPath)).publisher.claims).to.deep.equal([]);
    const named = await read("verify", modelPath, "--publisher-statements", statement);
    expect(named.reason).to.include(new URL(site.origin).host);
  });

  it("divide a royalty among contributors, and show says whether it is", async function () {
    const factory = await new RoyaltySplitterFactory__factory(served.minter).deploy();
    await temporary.write(".", {
      "contributors.yaml": `- { account: "${accounts[1]}", role: training, share: 7000 }\n- { did: "${site.did}", role: data, share: 3000 }\n`,
    });
    const { stdout } = await done("publisher", "document", site.did, "--accounts", caip10(2));
    site.answer = JSON.parse(stdout) as object;
    const { token } = await publish(
      "four",
      "--contributors",
      temporary.path("contributors.yaml"),
      "--royalty-bps",
      "500",
    );
    const before = await read("show", token);
    expect(before.contributors.map(({ payee }) => payee)).to.deep.equal([accounts[1], accounts[2]]);
    expect(before.split).to.include({ answer: "differs" });
    const split = ["royalty", "split", token, "--from-contributors", "--from", creator()];
    await done(...split, "--splitter-factory", await factory.getAddress(), "--yes");
    expect((await read("show", token)).split).to.include({ answer: "same" });
    site.answer = { id: site.did };
    expect((await read("show", token)).split).to.include({ answer: "unknown" });
    expect((await run(...split)).exitCode).to.equal(2);
  });
});

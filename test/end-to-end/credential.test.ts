import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { deployToNode } from "../helpers/deploy-to-node.ts";
import { TEST_ED25519_KEY, TEST_KEY } from "../helpers/export-key.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { runCommand } from "../helpers/run-command.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { expectExit } from "../helpers/use-import.ts";

// The first development account, which deploys and so may mint.
const PRIVATE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("verify with a credential", function () {
  const temporary = useTemporaryFolder();
  let chain: { url: string; close: () => Promise<void> };
  let environment: Record<string, string>;
  let model: string;
  const run = async (...args: string[]) => runCommand(args, environment);
  const verify = async (credential: string, ...args: string[]) =>
    run(
      "verify",
      model,
      "--credential",
      temporary.path(credential),
      "--creators",
      "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
      ...args,
    );
  const write = async (form: "vc" | "vc-jwt", key: string, out: string, ...args: string[]) => {
    await writeFile(temporary.path("key.pem"), key);
    const options = ["--private-key", temporary.path("key.pem"), "--out", temporary.path(out), ...args];
    expectExit(await run("export", form, model, ...options), 0);
    return readFile(temporary.path(out), "utf8");
  };

  before(async function () {
    chain = await startChain(1337);
  });

  after(async function () {
    await chain.close();
  });

  beforeEach(async function () {
    environment = {
      RPC_URL: chain.url,
      MODEL_PROVENANCE_ADDRESS: await deployToNode(chain.url),
      STORE_PATH: temporary.path("store"),
      STATE_PATH: temporary.path("state"),
      PRIVATE_KEY,
    };
    model = await temporary.write("model", { "README.md": "# A model", "weights.bin": "w" });
    expectExit(await run("publish", model, "--name", "Mine", "--license", "MIT", "--yes"), 0);
  });

  it("checks its proof, what it says, and what the chain says of the model now", async function () {
    const text = await write("vc", TEST_ED25519_KEY, "vc.json");
    const token = await write("vc-jwt", TEST_KEY, "vc.jwt");
    for (const good of ["vc.json", "vc.jwt"]) {
      const answer = await verify(good, "--json");
      expectExit(answer, 0);
      expect(answer.stdout).to.include("the credential is signed by did:key:z");
    }

    const alone = await run("verify", "--credential", temporary.path("vc.json"));
    expectExit(alone, 0);
    expect(alone.stdout).to.include("No file was read");

    await writeFile(temporary.path("vc.json"), text.replace('"license": "MIT"', '"license": "0BSD"'));
    const changed = await verify("vc.json");
    expectExit(changed, 1);
    expect(changed.stdout).to.include("The credential's proof does not hold");
    expectExit(await run("verify", "--credential", temporary.path("vc.json")), 1);
    const [head, payload = "", signature] = token.split(".");
    const other = Buffer.from(Buffer.from(payload, "base64url").toString().replace('"MIT"', '"BSD"')).toString(
      "base64url",
    );
    await writeFile(temporary.path("vc.jwt"), [head, other, signature].join("."));
    expectExit(await verify("vc.jwt"), 1);

    await writeFile(temporary.path("vc.json"), text);
    const { credentialSubject } = JSON.parse(text) as { credentialSubject: { modelDigest: string } };
    expectExit(
      await run("status", "set", credentialSubject.modelDigest, "revoked", "--reason", "Wrong data.", "--yes"),
      0,
    );
    const revoked = await verify("vc.json");
    expectExit(revoked, 5);
    expect(revoked.stdout).to.include("Wrong data.");
    expectExit(await run("verify", "--credential", temporary.path("vc.json")), 5);
    // Written anew it says so itself, and its proof holds.
    await write("vc", TEST_ED25519_KEY, "ended.json");
    expectExit(await verify("ended.json"), 5);
  });

  it("takes no credential that nobody signed, and compares the files all the same", async function () {
    const out = temporary.path("unsigned.json");
    expectExit(await run("export", "vc", model, "--out", out), 0);
    const unsigned = await verify("unsigned.json");
    expectExit(unsigned, 1);
    expect(unsigned.stdout).to.include("anybody may have written it");
    await write("vc", TEST_ED25519_KEY, "vc.json");
    await temporary.write("model", { "weights.bin": "another" });
    const damaged = await verify("vc.json");
    expectExit(damaged, 1);
    expect(damaged.stdout).to.include("weights.bin");
  });

  it("says that it could not check where the issuer's keys cannot be asked for", async function () {
    await write("vc", TEST_ED25519_KEY, "web.json", "--issuer", "did:web:nobody.invalid#key-1");
    const answer = await verify("web.json");
    expectExit(answer, 4);
    expect(answer.stdout).to.include("nobody.invalid");
  });

  it("refuses one of another registry, another token, and what is none", async function () {
    const text = await write("vc", TEST_ED25519_KEY, "vc.json");
    await writeFile(temporary.path("other.json"), text.replaceAll("eip155:1337:", "eip155:1:"));
    const other = await verify("other.json");
    expectExit(other, 2);
    expect(other.stderr).to.include("The credential is of the registry eip155:1:");
    expectExit(await verify("vc.json", "--token", `0x${"ab".repeat(32)}`), 2);
    for (const junk of ["{}", "a.b.c", "", '{"credentialSubject":{"id":"https://example.org"}}']) {
      await writeFile(temporary.path("junk"), junk);
      expectExit(await verify("junk"), 2);
    }
    expectExit(await verify("none.json"), 2);
    expectExit(await verify("vc.json", "--lock", temporary.path("x.lock.json")), 2);
  });
});

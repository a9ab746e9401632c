// Licences as goods from end to end, on a chain in this process: a base model, a fine-tune that owes it 10 %, a licence that
// is sold, served and expires, and both owners paid. No network, no key.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Signer, formatEther } from "ethers";
import { fineTuneIris } from "../examples/iris/fine-tune.ts";
import { trainIris } from "../examples/iris/train.ts";
import LicenseMarketModule from "../ignition/modules/LicenseMarket.ts";
import ModelProvenanceModule from "../ignition/modules/ModelProvenanceNFT.ts";
import { toHex32 } from "../src/base/hex.ts";
import type { ChainConnection } from "../src/cli/chain-connection.ts";
import { EXIT } from "../src/cli/exit-codes.ts";
import { runGateServe } from "../src/cli/run/gate-serve.ts";
import { runLicenseBuy } from "../src/cli/run/license.ts";
import { runLicenseOffer } from "../src/cli/run/license-offer.ts";
import { runMint } from "../src/cli/run/mint.ts";
import { runRevenueSettle, runRevenueWithdraw } from "../src/cli/run/revenue.ts";
import { runRevenueUpstream } from "../src/cli/run/revenue-upstream.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import { formatSiweMessage } from "../src/gate/siwe-message.ts";
import { hashModel } from "../src/model/hash-model.ts";
import { chapter, expect, expectExit, storyTerminal } from "./support/demo/telling.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

const terminal = storyTerminal();
const ZERO = `0x${"0".repeat(40)}`;
const THIRTY_DAYS = 30n * 86_400n;

await runScript(async () => {
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-market-"));
  try {
    await tellStory(folder);
    return EXIT.done;
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function tellStory(folder: string): Promise<void> {
  const { network, connection } = await connectHardhat("send");
  const [alice, bob, carol] = (await network.ethers.getSigners()) as unknown as [Signer, Signer, Signer];
  const aliceAddress = await alice.getAddress();
  const bobAddress = await bob.getAddress();
  const carolAddress = await carol.getAddress();
  const base = join(folder, "iris");
  const tuned = join(folder, "iris-tuned");

  chapter("Alice deploys a registry and a market, and records a base model");
  const { registry } = await network.ignition.deploy(ModelProvenanceModule);
  const { market } = await network.ignition.deploy(LicenseMarketModule);
  const place = { registryAddress: await registry.getAddress(), market: await market.getAddress() };
  const publishing = { ...place, storePath: join(folder, "store"), statePath: join(folder, "state") };
  await trainIris(base);
  expectExit("mint", await runMint({ ...publishing, modelPath: base }, connection, terminal), EXIT.done);

  chapter("A fine-tune of it is recorded, and becomes Bob's");
  await fineTuneIris(base, tuned);
  const child = { ...publishing, modelPath: tuned, parents: [base], relation: "fine-tune" as const };
  expectExit("mint", await runMint({ ...child, mintTo: bobAddress }, connection, terminal), EXIT.done);
  const baseId = toHex32(BigInt((await hashModel(base)).modelDigest));
  const tunedId = toHex32(BigInt((await hashModel(tuned)).modelDigest));

  chapter("Who made it and who owns it agree that a tenth of what it brings is the base model's");
  for (const mintFrom of [aliceAddress, bobAddress]) {
    const shares = { ...place, tokenId: tunedId, shares: [`${baseId}=1000`], mintFrom };
    expectExit("revenue upstream", await runRevenueUpstream(shares, connection, terminal), EXIT.done);
  }

  chapter("Bob signs an offer: thirty days of use for half an ether. It costs him nothing");
  const termsPath = join(folder, "terms.txt");
  await writeFile(termsPath, "You may use the model. You may not resell it.\n");
  const offer = join(folder, "offer.json");
  const offering = { ...publishing, tokenId: tunedId, licensePrice: "0.5", licenseDuration: THIRTY_DAYS, termsPath };
  const signing = { ...offering, outputPath: offer, mintFrom: bobAddress };
  expectExit("license offer", await runLicenseOffer(signing, connection, terminal), EXIT.done);

  await serve(connection, { ...publishing, modelPath: tuned, servePort: 0, accessSeconds: 0 }, async (url) => {
    chapter("Bob's gate serves the model to who may use it. Carol may not");
    expect("Carol is turned away", (await signIn(url, carol, connection)) === undefined);

    chapter("Carol buys a licence, and is in");
    const buying = { ...place, offer, mintFrom: carolAddress };
    expectExit("license buy", await runLicenseBuy(buying, connection, terminal), EXIT.done);
    const session = await signIn(url, carol, connection);
    const file = await fetch(`${url}/v1/files/model.safetensors`, { headers: { authorization: `Bearer ${session}` } });
    console.log(`${file.status}: ${(await file.arrayBuffer()).byteLength} bytes of weights`);
    expect("Carol has the weights", file.status === 200);

    chapter("Thirty days later the licence has ended, and so has her access");
    await network.provider.request({ method: "evm_increaseTime", params: [Number(THIRTY_DAYS)] });
    await network.provider.request({ method: "evm_mine", params: [] });
    const late = await fetch(`${url}/v1/files/model.safetensors`, { headers: { authorization: `Bearer ${session}` } });
    console.log(`${late.status}: ${((await late.json()) as { message: string }).message}`);
    expect("her session has ended", late.status === 403);
  });

  chapter("Anybody settles, and both take out what is theirs");
  const settling = { ...place, tokenId: tunedId, mintFrom: carolAddress };
  expectExit("revenue settle", await runRevenueSettle(settling, connection, terminal), EXIT.done);
  for (const [name, account, share] of [
    ["Bob", bobAddress, "0.45"],
    ["Alice", aliceAddress, "0.05"],
  ] as const) {
    const due = (await market.getFunction("withdrawable")(account, ZERO)) as bigint;
    expect(`${name} has ${share} ether`, formatEther(due) === share);
    const withdrawing = { ...place, mintFrom: account };
    expectExit("revenue withdraw", await runRevenueWithdraw(withdrawing, connection, terminal), EXIT.done);
  }
  expect("nothing is left in the market", (await connection.provider.getBalance(place.market)) === 0n);
  console.log("\nThe story holds: a licence sold, served and expired, and 10 % of it with the base model's owner.");
}

/** Runs a gate that takes licences while something is done with it. */
async function serve(
  connection: ChainConnection,
  options: Parameters<typeof runGateServe>[0],
  use: (url: string) => Promise<void>,
): Promise<void> {
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  let tell: (url: string) => void = () => undefined;
  const listening = new Promise<string>((resolve) => (tell = resolve));
  const quiet: Terminal = { ...terminal, print: tell, note: () => undefined };
  const access = ["registry", "market"];
  const served = runGateServe(
    { ...options, access },
    async () => Promise.resolve(connection),
    quiet,
    async () => stopped,
  );
  try {
    await use(await Promise.race([listening, served.then(() => Promise.reject(new Error("the gate ended")))]));
  } finally {
    stop();
    await served;
  }
}

/** Signs in at a gate (EIP-4361); undefined where the account is turned away. */
async function signIn(url: string, account: Signer, { chainId }: ChainConnection): Promise<string | undefined> {
  const { nonce } = (await (await fetch(`${url}/v1/nonce`, { method: "POST" })).json()) as { nonce: string };
  const gate = (await (await fetch(`${url}/v1/gate`)).json()) as { domain: string; uri: string };
  const message = formatSiweMessage({
    domain: gate.domain,
    address: await account.getAddress(),
    statement: "Use the model.",
    uri: gate.uri,
    version: "1",
    chainId,
    nonce,
    issuedAt: new Date().toISOString(),
  });
  const answer = await fetch(`${url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message, signature: await account.signMessage(message) }),
  });
  const { session, message: text } = (await answer.json()) as { session?: string; message?: string };
  console.log(`${answer.status}${text === undefined ? "" : `: ${text}`}`);
  return session;
}

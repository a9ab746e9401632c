import { expect } from "chai";
import { askSources, registrySource } from "../../../src/gate/access.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { closeGates, startGate } from "../../helpers/gate.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MINUTE = 60_000;
const FILE = "/v1/files/model.bin";

describe("what the chain says of who may use a model", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGates);

  it("lets nobody in when the chain does not answer", async function () {
    const answers: (() => Promise<boolean>)[] = [];
    const ask = async () => (answers.shift() ?? (async () => true))();
    const { client, minter } = await startGate(temporary, undefined, { ask });
    const session = await client.signIn(minter);
    answers.push(async () => Promise.reject(new Error("connect ECONNREFUSED http://user:secret@10.0.0.1")));
    const refused = await client.send(FILE, { session });
    expect([refused.status, refused.json["error"]]).to.deep.equal([503, "chain_unavailable"]);
    expect(refused.body.toString()).to.not.include("secret");
    // It was not said that access is lost: the session goes on.
    expect((await client.send(FILE, { session })).status).to.equal(200);
  });

  it("does not believe a node that is behind its chain", async function () {
    const { registry, minter, tokenId } = await startGate(temporary);
    const head = (await networkHelpers.time.latest()) * 1000;
    const ask = async (age: number, chainId: bigint) =>
      askSources({ ...registry, chainId }, [registrySource(registry, tokenId)], () => head + age)(minter.address);
    expect(await ask(MINUTE, 11155111n)).to.equal(true);
    expect(await errorCode(() => ask(11 * MINUTE, 11155111n))).to.equal("CHAIN_UNREACHABLE");
    expect(await ask(11 * MINUTE, 31337n)).to.equal(true);
  });

  it("asks the chain once for requests at the same time, and again when the answer is old", async function () {
    let asked = 0;
    const ask = async () => ++asked > 0;
    const { client, minter, clock } = await startGate(temporary, undefined, { ask, limits: { accessLifetime: 5000 } });
    const session = await client.signIn(minter);
    await Promise.all(Array.from({ length: 10 }, async () => client.send(FILE, { session })));
    expect(asked).to.equal(1);
    clock.now += 5000;
    await Promise.all(Array.from({ length: 10 }, async () => client.send(FILE, { session })));
    expect(asked).to.equal(2);
  });
});

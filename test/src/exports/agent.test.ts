import { expect } from "chai";
import { AGENT } from "../../../src/exports/agent/agent.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { readRegistrationFile } from "../../../src/verify/agent/registration-file.ts";
import {
  type ExportedRecords,
  RECORD_NAMES,
  type RecordName,
  exportedRecords,
} from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { expectGolden } from "../../helpers/golden.ts";

interface Entry {
  readonly name: string;
  readonly endpoint: string;
  readonly version: string;
  readonly model: { readonly name: string; readonly status: object };
}

const ID = { chainId: 1n, registry: "0x8004A169FB4a3325136EB29fA0ceB6D2e539a432", agentId: 22n };

describe("export agent", function () {
  let records: ExportedRecords;
  const write = async (name: RecordName) => writeForm(AGENT, await records.read(name));
  const read = async (name: RecordName) => JSON.parse(Buffer.from(await write(name)).toString()) as Entry;

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine", async function () {
    expectGolden("iris.agent.json", await write("iris"));
    for (const name of RECORD_NAMES) {
      expect(await write(name), name).to.deep.equal(await writeForm(AGENT, await records.readAnew(name)));
    }
  });

  it("is an entry as the standard has them, of which a registration file says the model of each of the ten records", async function () {
    for (const record of RECORD_NAMES) {
      const entry = await read(record);
      const texts = [entry.name, entry.endpoint, entry.version];
      expect(texts.every((text) => typeof text === "string" && text !== "")).to.equal(true);
      const file = Buffer.from(JSON.stringify({ services: [entry] }));
      const { registry, tokenId, metadata, record: recorded } = await records.read(record);
      const { models, faults } = readRegistrationFile(file, ID);
      expect(faults).to.deep.equal([]);
      expect(models).to.deep.equal([
        {
          registry,
          tokenId,
          name: metadata.name,
          creator: `did:pkh:eip155:31337:${recorded.creator}`,
          ...(recorded.license !== "" && { license: recorded.license }),
        },
      ]);
    }
  });

  it("names another record where one byte of its address is changed, or none", async function () {
    const { endpoint } = await read("iris");
    for (const [at, character] of [...endpoint].entries()) {
      const changed = `${endpoint.slice(0, at)}${character === "1" ? "2" : "1"}${endpoint.slice(at + 1)}`;
      const entry = { ...(await read("iris")), endpoint: changed };
      const [model] = readRegistrationFile(Buffer.from(JSON.stringify({ services: [entry] })), ID).models;
      expect(model && `${model.registry}/${model.tokenId}`, changed).to.not.equal(endpoint);
    }
  });

  it("says of a revoked model by whom, when and why", async function () {
    const { account } = await records.registry.contract.getStatus(records.tokenIds.revoked);
    expect((await read("revoked")).model.status).to.deep.equal({
      word: "revoked",
      by: `did:pkh:eip155:31337:${account}`,
      since: "2026-01-02T09:00:00Z",
      reason: REASON,
    });
    expect((await read("noDataset")).model.status).to.deep.equal({ word: "active" });
  });
});

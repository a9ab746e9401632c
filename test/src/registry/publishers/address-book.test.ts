import { expect } from "chai";
import { joinAddressBooks } from "../../../../src/registry/publishers/address-book.ts";
import { readRegistriesAndPublishers } from "../../../../src/registry/registries-file.ts";
import { parsePolicy } from "../../../../src/verify/policy/policy.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

describe("an address book", function () {
  const temporary = useTemporaryFolder();
  const read = async (publishers: string) => {
    const registries = `registries:\n  - { chain: sepolia, address: "${OTHER}" }\n`;
    await temporary.write(".", {
      "registries.yaml": `schemaVersion: "1.0"\npublishers:\n${publishers}\n${registries}`,
    });
    return readRegistriesAndPublishers(temporary.path("registries.yaml"));
  };
  const message = async (publishers: string) => read(publishers).then(String, (error: Error) => error.message);

  it("names accounts on every chain or on one; addresses need no quotes", async function () {
    const { publishers } = await read(`  Example Lab: ${ACCOUNT}\n  Other:\n    - eip155:10:${OTHER}\n    - ${OTHER}`);
    expect([...publishers]).to.deep.equal([
      [ACCOUNT.toLowerCase(), "Example Lab"],
      [`eip155:10:${OTHER.toLowerCase()}`, "Other"],
      [OTHER.toLowerCase(), "Other"],
    ]);
  });

  it("is refused with the line of what is wrong", async function () {
    expect(await message("  Lab: 0x1234")).to.match(/line 3.*40 hex digits/);
    expect(await message(`  Lab: ${ACCOUNT.replace("0x70", "0x70").replace("C5", "c5")}`)).to.match(/checksum/);
    expect(await message("  Lab: []")).to.match(/line 3/);
    expect(await message(`  did:web:example.org: ${ACCOUNT}`)).to.match(/name|key/i);
    expect(await message(`  One: ${ACCOUNT}\n  Two: ${ACCOUNT.toLowerCase()}`)).to.match(/line 4.*is of "One" already/);
  });

  it("joins with another that says the same, and contradicts none silently", async function () {
    const one = new Map([["0xa", "Lab"]]);
    expect([
      ...joinAddressBooks([
        one,
        undefined,
        new Map([
          ["0xa", "Lab"],
          ["0xb", "Other"],
        ]),
      ]),
    ]).to.have.length(2);
    expect(await errorCode(() => joinAddressBooks([one, new Map([["0xa", "Elsewhere"]])]))).to.equal("CONFIG_INVALID");
  });

  it("may stand in a policy, as a list with names or by itself", function () {
    const policy = (publishers: string) => parsePolicy(Buffer.from(`schemaVersion: "1.0"\npublishers:\n${publishers}`));
    const list = policy(`  - did:web:example.org\n  - Example Lab\n  - Lab: ${ACCOUNT}`).publishers;
    expect(list?.names).to.deep.equal(["did:web:example.org", "Example Lab", "Lab"]);
    expect([...(list?.book ?? [])]).to.deep.equal([[ACCOUNT.toLowerCase(), "Lab"]]);
    expect(policy(`  Lab: ${ACCOUNT}`).publishers?.names).to.deep.equal(["Lab"]);
    for (const text of ["  - did:key:z6Mk", "  - did:web:127.0.0.1", `  - "${ACCOUNT}"`, "  []", "  - 7"]) {
      expect(() => policy(text), text).to.throw("publishers");
    }
  });
});

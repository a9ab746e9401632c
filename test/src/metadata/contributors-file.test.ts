import { expect } from "chai";
import { readContributorsFile } from "../../../src/metadata/contributors-file.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("readContributorsFile", function () {
  const temporary = useTemporaryFolder();
  const read = async (text: string) => {
    await temporary.write(".", { "contributors.yaml": text });
    return readContributorsFile(temporary.path("contributors.yaml"));
  };
  const message = async (text: string) => read(text).then(String, (error: Error) => error.message);
  const good = `- { account: ${ACCOUNT}, role: training, share: 7000 }\n- { did: "did:web:example.org", role: data, share: 3000 }\n`;

  it("reads a list in which addresses need no quotes", async function () {
    const expected = [
      { account: ACCOUNT, role: "training", share: 7000 },
      { did: "did:web:example.org", role: "data", share: 3000 },
    ];
    expect(await read(good)).to.deep.equal(expected);
  });

  it("says what is wrong, and in which line", async function () {
    expect(await message(good.replace("7000", "6999"))).to.include("sum to 10000");
    expect(await message(good.replace("did:web:example.org", "did:web:127.0.0.1"))).to.match(/line 2.*did:web/);
    expect(await message(good.replace("role: data", "part: data"))).to.match(/line 2/);
    expect(await message("[]")).to.include("contributors file");
  });
});

import { expect } from "chai";
import { toHex } from "../../../../src/base/hex.ts";
import { sha256 } from "../../../../src/base/bytes.ts";
import { rawBlock, rawCidOfDigest, toIpfsUri } from "../../../../src/content/cid.ts";
import { formatStatementFile, readNamedStatements } from "../../../../src/registry/publishers/statement-file.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const statement = {
  registry: "eip155:1:0x5FbDB2315678afecb367f032d93F642f64180aa3",
  account: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  did: "did:web:example.org",
  signature: `0x${"ab".repeat(65)}`,
};

describe("a statement of a publisher", function () {
  const temporary = useTemporaryFolder();

  it("is read from a file, and from where it is pinned by its CID", async function () {
    const bytes = formatStatementFile(statement);
    await temporary.write(".", { "publisher.json": Buffer.from(bytes).toString() });
    const store = new MemoryStore();
    store.add(rawBlock(bytes));
    const uri = toIpfsUri(rawCidOfDigest(toHex(sha256(bytes))));
    expect(await readNamedStatements([temporary.path("publisher.json"), uri], store)).to.deep.equal([
      statement,
      statement,
    ]);
  });

  it("is refused where it is none, is not there, or came back with other bytes", async function () {
    const wrong = [
      { ...statement, did: "did:web:127.0.0.1" },
      { ...statement, account: statement.account.replace("f39F", "F39f") },
      { ...statement, registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
      { ...statement, signature: "0xABCD" },
      { ...statement, more: 1 },
      [],
    ];
    for (const value of wrong) {
      const document = Array.isArray(value) ? value : { schemaVersion: "1.0", ...value };
      await temporary.write(".", { "wrong.json": JSON.stringify(document) });
      expect(await errorCode(async () => readNamedStatements([temporary.path("wrong.json")]))).to.equal(
        "OPTION_INVALID",
      );
    }
    const cid = rawCidOfDigest(toHex(sha256(Buffer.from("other"))));
    const lying = { get: async () => Promise.resolve(formatStatementFile(statement)) };
    for (const place of [temporary.path("missing.json"), temporary.path(), "ipfs://nonsense", toIpfsUri(cid)]) {
      expect(await errorCode(async () => readNamedStatements([place], lying)), place).to.equal("OPTION_INVALID");
    }
  });
});

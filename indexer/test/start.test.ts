import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect } from "chai";
import { useTemporaryFolder } from "../../test/helpers/temporary-folder.ts";
import { isIndexerInstalled, startIndexer, writeRegistries } from "./helpers/indexer.ts";

describe("an indexer that cannot be started", function () {
  this.timeout(60_000);
  const temporary = useTemporaryFolder();

  before(function () {
    if (isIndexerInstalled()) return;
    console.log("      skipped: it takes the indexer's packages (npm ci --prefix indexer)");
    this.skip();
  });

  it("ends, and says that its port is taken", async function () {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const address = `0x${"11".repeat(20)}`;
      const registries = await writeRegistries(temporary.path("registries.yaml"), address, "http://127.0.0.1:1");
      const { port } = other.address() as AddressInfo;
      const starting = startIndexer(registries, { data: temporary.path("data") }, ["--port", String(port)]);
      const said = await starting.then(
        async (indexer) => indexer.close().then(() => "it runs"),
        (error: unknown) => (error as Error).message,
      );
      expect(said).to.match(/Nothing can listen on 127\.0\.0\.1, port \d+ \(EADDRINUSE\)\. Choose another with --port/);
    } finally {
      other.close();
    }
  });
});

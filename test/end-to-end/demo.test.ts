import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readdir } from "node:fs/promises";
import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { openBrowser } from "../../scripts/support/demo/open-browser.ts";
import "../helpers/built-page.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const OPENER = process.platform === "darwin" ? "open" : "xdg-open";

describe("npm run demo -- --open", function () {
  const temporary = useTemporaryFolder();
  let seen: Server;
  let demo: ChildProcessWithoutNullStreams | undefined;

  before(async function () {
    seen = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
    await once(seen, "listening");
  });

  after(function () {
    demo?.kill("SIGKILL");
    seen.close();
  });

  /** An opener that tells this test what it was asked to open. */
  async function writeOpener(exitCode: number): Promise<string> {
    const { port } = seen.address() as AddressInfo;
    const script = `#!${process.execPath}
fetch("http://127.0.0.1:${port}/?" + process.argv[2]).then(() => process.exit(${exitCode}));
`;
    const folder = await temporary.write("bin", { [OPENER]: script });
    await chmod(join(folder, OPENER), 0o755);
    return folder;
  }

  it("opens the page on its chain and files, and leaves nothing behind after Ctrl-C", async function () {
    const { PATH = "", HOME = "" } = process.env;
    const folder = await temporary.write("tmp", {});
    const environment = { HOME, TMPDIR: folder, NO_COLOR: "1" };
    const opened = once(seen, "request");
    demo = spawn(process.execPath, [join(ROOT, "scripts/demo.ts"), "--open"], {
      cwd: ROOT,
      env: { ...environment, PATH: `${await writeOpener(0)}${delimiter}${PATH}` },
    });
    let output = "";
    for (const stream of [demo.stdout, demo.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
    const ended = once(demo, "close");
    const [request] = (await Promise.race([
      opened,
      ended.then(() => Promise.reject(new Error(`The demo ended:\n${output}`))),
    ])) as [IncomingMessage];

    const url = request.url?.slice(2) ?? "";
    expect(await (await fetch(url)).text()).to.include("<title>Model provenance</title>");
    const config = (await (await fetch(`${url}config.json`)).json()) as { registries: { rpcUrl: string }[] };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(config.registries[0]?.rpcUrl ?? "", { method: "POST", headers, body });
    expect(await answer.json()).to.include({ result: "0x7a69" });
    const [story = ""] = await readdir(folder);
    expect(await readdir(join(folder, story))).to.include.members(["iris", "iris-v2", "iris-tampered", "store"]);

    demo.kill("SIGINT");
    expect(await ended).to.deep.equal([0, null]);
    expect(output).to.include(join(folder, story, "iris-tampered"));
    expect(output).to.not.include("No browser");
    expect(await readdir(folder)).to.deep.equal([]);
    expect(await fetch(url).catch(() => "gone")).to.equal("gone");
  });

  it("says where the platform has no opener, or one that finds no browser", async function () {
    const bin = await writeOpener(3);
    expect(await openBrowser("http://127.0.0.1/", { PATH: temporary.path("none") })).to.equal(false);
    expect(await openBrowser("http://127.0.0.1/", { PATH: bin })).to.equal(false);
    expect(await openBrowser("http://127.0.0.1/", { PATH: await writeOpener(0) })).to.equal(true);
  });
});

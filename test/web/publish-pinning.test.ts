import { expect } from "chai";
import type { Page } from "playwright-core";
import { wrapLinks } from "../../src/content/car/block-list.ts";
import { IPFS, startKubo } from "../helpers/kubo-daemon.ts";
import { usePublishScreen } from "../helpers/publish-screen.ts";
import { startPinata } from "../helpers/servers/pinata.ts";

type Built = Awaited<ReturnType<ReturnType<typeof usePublishScreen>["prepare"]>>["built"];

describe("where the page pins what it publishes", function () {
  const { writeModel, open, choose, press, sign, isRecorded, prepare, wantCid } = usePublishScreen();

  const rootsOf = (built: Built) => {
    const [picture] = built.attachments;
    return [built.block.cid.toString(), String(picture?.root)];
  };
  const linksOf = ({ attachments }: Built) => attachments.find(({ linksOnly }) => linksOnly)?.blocks ?? [];
  const fillKubo = async (page: Page, url: string) => {
    await page.getByLabel("An IPFS node on this machine").check();
    await page.getByLabel("Address of its RPC").fill(url);
  };

  it("is a Kubo node that allows the page, and one that does not is told how to", async function () {
    if (IPFS === undefined) {
      console.log("      skipped: there is no ipfs on the PATH (go install github.com/ipfs/kubo/cmd/ipfs)");
      this.skip();
    }
    const folder = await writeModel("kubo");
    const { page, url } = await open();
    const other = await open();
    const { origin } = new URL(url);
    const node = await startKubo({ origin });
    try {
      for (const { page: one } of [other, { page }]) {
        await wantCid(one);
        await choose(one, folder);
        await sign(one);
        await fillKubo(one, node.apiUrl);
        await press(one, "Pin and mint");
        if (one === page) break;
        const stranger = new URL(other.url).origin;
        await one.getByText(`Access-Control-Allow-Origin '["${stranger}"]'`).waitFor();
      }
      await isRecorded(page);
      const { built } = await prepare({ modelPath: folder, withCid: true, statements: {} });
      const pins = node.run("pin", "ls", "--quiet").split("\n");
      expect(pins).to.include.members([...rootsOf(built), ...linksOf(built).map(({ cid }) => cid.toString())]);
      expect(node.run("block", "get", built.block.cid.toString())).to.equal(Buffer.from(built.block.bytes).toString());
      await page.getByText(built.uri).first().waitFor();

      const archived = await writeModel("archive");
      const { page: saver } = await open();
      await wantCid(saver);
      await choose(saver, archived);
      await sign(saver);
      await saver.getByLabel("A CAR file that I import myself").check();
      const saving = saver.waitForEvent("download");
      await press(saver, "Pin and mint");
      const answer = node.run("dag", "import", await (await saving).path());
      const { built: saved } = await prepare({ modelPath: archived, withCid: true, statements: {} });
      const wrapped = (await wrapLinks(linksOf(saved))).root.toString();
      for (const root of [...rootsOf(saved), wrapped]) expect(answer).to.match(new RegExp(`${root}\\s+success`));
    } finally {
      await node.stop();
    }
  });

  it("is Pinata by an upload URL, which is asked for anew where it is no longer good, and not kept", async function () {
    const pinata = await startPinata();
    try {
      const folder = await writeModel("pinata");
      const { page, errors } = await open();
      await wantCid(page);
      await choose(page, folder);
      await sign(page);
      await page.getByLabel("Pinata, by an upload URL").check();
      await page
        .getByRole("textbox", { name: "Upload URL" })
        .fill(pinata.signedUrl.replace("X-Expires=600", "X-Expires=1"));
      await press(page, "Pin and mint");
      await page.getByText("The URL is no longer good").waitFor();
      expect(pinata.pinned.size).to.equal(0);
      await page.getByRole("textbox", { name: "Upload URL" }).fill(pinata.signedUrl);
      await press(page, "Pin and mint");
      await isRecorded(page);
      const { built } = await prepare({ modelPath: folder, withCid: true, statements: {} });
      const wrapped = (await wrapLinks(linksOf(built))).root.toString();
      expect([...pinata.pinned]).to.have.members([...rootsOf(built), wrapped]);
      expect(pinata.missing).to.deep.equal([]);
      const kept = await page.evaluate<string>(
        `Promise.all(["drafts", "sent-models"].map((name) => new Promise((done) => {
          const opening = indexedDB.open("model-provenance-" + name);
          opening.onsuccess = () => {
            const rows = opening.result.transaction("rows").objectStore("rows").getAll();
            rows.onsuccess = () => done(JSON.stringify(rows.result));
          };
        }))).then((texts) => texts.join("") + JSON.stringify(localStorage) + JSON.stringify(sessionStorage))`,
      );
      expect(kept).to.include(built.metadataDigest);
      expect(kept).to.not.include("5ec7e7");
      // The first URL was refused: the browser says so itself.
      expect(errors.filter((text) => !text.includes("403"))).to.deep.equal([]);
    } finally {
      await pinata.close();
    }
  });
});

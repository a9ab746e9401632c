import type { RequestListener } from "node:http";
import { expect } from "chai";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { DID_DOCUMENT_MAX_BYTES } from "../../../../src/metadata/did-document.ts";
import { type DidWeb, parseDidWeb } from "../../../../src/metadata/did-web.ts";
import { type FetchDidOptions, createDidFetcher } from "../../../../src/registry/publishers/fetch-did-document.ts";
import { type DidSite, didDocument, startDidSite } from "../../../helpers/servers/did-site.ts";

const TIMES = { connect: 300, firstByte: 300, idle: 300, total: 600 };

describe("createDidFetcher", function () {
  let site: DidSite;
  let other: DidSite;

  before(async function () {
    site = await startDidSite();
    other = await startDidSite();
  });

  beforeEach(function () {
    site.asked.length = other.asked.length = 0;
    site.answer = didDocument(site.did);
    other.answer = didDocument(other.did);
  });

  after(async function () {
    await site.close();
    await other.close();
  });

  const fetch = async (options: FetchDidOptions = {}, did = site.did) =>
    createDidFetcher({ privateOrigin: site.origin, times: TIMES, ...options })(parseDidWeb(did) as DidWeb);
  const fault = async (options: FetchDidOptions = {}, did = site.did) =>
    fetch(options, did).then(
      () => "none",
      (error: unknown) => {
        if (!(error instanceof ProvenanceError) || error.code !== "STORE_FAILED") throw error;
        return error.message;
      },
    );
  const answering = (listener: RequestListener) => (site.answer = listener);

  it("fetches the document of a host and of a path, and notes the time", async function () {
    const { bytes, time } = await fetch({ now: () => 1_790_000_000_999 });
    expect(JSON.parse(Buffer.from(bytes).toString())).to.deep.equal(didDocument(site.did));
    expect(time).to.equal(1_790_000_000);
    await fetch({}, `${site.did}:labs:vision`);
    expect(site.asked).to.deep.equal(["/.well-known/did.json", "/labs/vision/did.json"]);
  });

  it("asks no machine that is not of the public internet, unless it is named", async function () {
    expect(await fault({ privateOrigin: "https://elsewhere.example" })).to.include("no public address");
    expect(site.asked).to.deep.equal([]);
  });

  it("asks no private machine that a public name begins to lead to", async function () {
    const port = new URL(site.origin).port;
    let answers = 0;
    const lookup: FetchDidOptions["lookup"] = (_, done) =>
      done(null, [{ address: answers++ === 0 ? "10.255.255.1" : "127.0.0.1", family: 4 }]);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await fault({ lookup }, `did:web:example.org%3A${port}`)).to.include("no public address");
    }
    expect(site.asked).to.deep.equal([]);
  });

  it("takes nothing but 200 for an answer", async function () {
    for (const status of [204, 401, 404, 410, 429, 500]) {
      answering((_, response) => response.writeHead(status).end());
      expect(await fault()).to.include(`status ${status}`);
    }
  });

  it("reads no answer that is too long, whatever it says of its length, and none that does not end", async function () {
    answering((_, response) => response.writeHead(200, { "content-length": DID_DOCUMENT_MAX_BYTES + 1 }).end());
    expect(await fault()).to.include("more than");
    answering((_, response) => response.end(Buffer.alloc(DID_DOCUMENT_MAX_BYTES + 1, " ")));
    expect(await fault()).to.include("more than");
    answering((_, response) => void response.write("{"));
    expect(await fault()).to.match(/sent nothing|took more/);
    answering(() => undefined);
    expect(await fault()).to.include("did not begin to answer");
    answering((_, response) => response.destroy());
    expect(await fault()).to.be.a("string");
  });

  it("follows redirects on the same host, and nowhere else", async function () {
    const redirect = (location: string) =>
      answering((request, response) => {
        if (request.url !== "/.well-known/did.json") response.end(JSON.stringify(didDocument(site.did)));
        else response.writeHead(302, { location }).end();
      });
    redirect("/did.json");
    expect((await fetch()).bytes.length).to.be.greaterThan(0);
    for (const location of [
      other.origin,
      "http://169.254.169.254/",
      "https://example.org/did.json",
      "file:///etc/passwd",
    ]) {
      redirect(location);
      expect(await fault(), location).to.include("redirects to what is no safe web address");
    }
    answering((_, response) => response.writeHead(302, { location: "/.well-known/did.json" }).end());
    expect(await fault()).to.include("more than 3 times");
    expect(other.asked).to.deep.equal([]);
  });

  it("ends when the verdict waits no longer", async function () {
    answering(() => undefined);
    const fetcher = createDidFetcher({ privateOrigin: site.origin });
    const given = fetcher(parseDidWeb(site.did) as DidWeb, AbortSignal.timeout(50));
    expect(await given.then(String, (error: Error) => error.message)).to.include("was not waited for");
  });
});

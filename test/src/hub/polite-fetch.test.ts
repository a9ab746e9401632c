import { isIP } from "node:net";
import { Readable } from "node:stream";
import { expect } from "chai";
import type { LookupAll } from "../../../src/base/http/address-guard.ts";
import { type Send, toFault } from "../../../src/base/http/send.ts";
import { openHub } from "../../../src/hub/hub.ts";
import { readHubInfo } from "../../../src/hub/hub-info.ts";
import { hashHubModel } from "../../../src/hub/inspect-model.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { HUB_TOKEN } from "../../helpers/servers/hub.ts";
import { hubRepo, lfsFile } from "../../helpers/servers/hub-repo.ts";
import { manualClock, useHub } from "../../helpers/use-hub.ts";

const REPO = hubRepo("lab/model", { "config.json": "{}", "tokenizer.json": lfsFile('{"model":{"vocab":{}}}') });
const INFO = /^\/api\/models\/lab\/model\/revision/;

/** Answers in place of the network, for hosts that may be connected to: names are looked up as for a connection. */
function answering(
  asked: string[],
  answer: (count: number) => { readonly status: number; readonly headers?: Record<string, string> },
): Send {
  return async ({ url, lookup }) => {
    if (isIP(url.hostname.replace(/^\[|\]$/g, "")) === 0) {
      await new Promise<void>((resolve, reject) => {
        lookup?.(url.hostname, { all: true }, (error) => (error ? reject(toFault(error)) : resolve()));
      });
    }
    asked.push(url.href);
    const { status, headers } = answer(asked.length);
    const body = Readable.from([]);
    return { status, headers: new Headers(headers), body, trailers: () => ({}), discard: () => undefined };
  };
}

describe("requests to the Hub", function () {
  const hub = useHub({ repos: [REPO] });
  const read = async (options: Parameters<typeof hub.open>[0] = {}) =>
    readHubInfo(hub.open(options), { id: "lab/model" });

  it("wait as long as Retry-After asks, in seconds or as a date", async function () {
    const clock = manualClock();
    hub.server().fail({ path: INFO, status: 429, headers: { "retry-after": "42" } });
    hub
      .server()
      .fail({ path: INFO, status: 503, headers: { "retry-after": new Date(clock.now() + 50_000).toUTCString() } });
    await read(clock);
    expect(clock.slept.map((slept) => Math.round(slept / 1000))).to.deep.equal([42, 8]);
  });

  it("wait for the end of the window that RateLimit names, also after an answer that was given", async function () {
    const clock = manualClock();
    hub.server().fail({ path: INFO, status: 429, headers: { ratelimit: '"api";r=0;t=55' } });
    await read(clock);
    expect(clock.slept).to.deep.equal([55_000]);
    const waits: number[] = [];
    const last = {
      path: INFO,
      status: 200,
      headers: { ratelimit: '"api";r=0;t=7' },
      body: JSON.stringify({ _id: "1", id: "lab/model", sha: "a".repeat(40) }),
    };
    hub.server().fail(last);
    const other = manualClock();
    const open = hub.open({ ...other, onWait: (wait) => waits.push(wait) });
    await readHubInfo(open, { id: "lab/model" });
    expect(other.slept).to.deep.equal([]);
    await readHubInfo(open, { id: "lab/model" });
    expect(other.slept).to.deep.equal([7000]);
    expect(waits).to.deep.equal([7000]);
  });

  it("try again what fails by accident, ever later, and give up in the end", async function () {
    const clock = manualClock();
    for (const status of [500, 502, 504, undefined]) hub.server().fail({ path: INFO, ...(status && { status }) });
    hub.server().fail({ path: INFO, truncate: true });
    await read(clock);
    expect(clock.slept).to.deep.equal([500, 1000, 2000, 4000, 8000]);
    hub.server().fail({ path: INFO, status: 500, times: 6 });
    expect(await errorCode(async () => read())).to.equal("HUB_UNREACHABLE");
    hub.server().fail({ path: INFO, status: 429, times: 6 });
    expect(await errorCode(async () => read())).to.equal("HUB_RATE_LIMITED");
    hub.server().fail({ path: INFO, status: 429, headers: { "retry-after": "86400" } });
    expect(await errorCode(async () => read())).to.equal("HUB_RATE_LIMITED");
  });

  it("refuse answers without end, and those that are no JSON", async function () {
    hub.server().fail({ path: INFO, flood: 64 });
    expect(await errorCode(async () => read())).to.equal("HUB_ANSWER_INVALID");
    for (const body of [
      "{",
      "[]",
      "null",
      '"x"',
      '{"id":7}',
      '{"id":"../x","sha":"a"}',
      '{"id":"lab/model","sha":"x"}',
    ]) {
      hub.server().fail({ path: INFO, status: 200, body });
      expect(await errorCode(async () => read()), body).to.equal("HUB_ANSWER_INVALID");
    }
    hub.server().fail({ path: /tree/, status: 200, body: "{}" });
    expect(await errorCode(async () => hashHubModel(hub.open(), { id: "lab/model" }))).to.equal("HUB_ANSWER_INVALID");
  });

  it("give the token to the Hub and to nobody else", async function () {
    const model = hubRepo("lab/gated", { "model.sig": lfsFile("{}"), "config.json": "{}" }, {}, { access: "gated" });
    hub.server().add(model);
    await hashHubModel(hub.open({ accessToken: HUB_TOKEN }), { id: "lab/gated" });
    const { requests } = hub.server();
    expect(requests.some(({ atContent }) => atContent)).to.equal(true);
    for (const { atContent, authorization } of requests) {
      expect(authorization).to.equal(atContent ? undefined : `Bearer ${HUB_TOKEN}`);
    }
  });

  it("do not follow pages, or redirects of the API, to another origin with a token", async function () {
    const other = hub.server().contentUrl;
    const link = `<${other}/api/models/lab/model/tree/next>; rel="next"`;
    hub.server().fail({ path: /tree/, status: 200, headers: { link }, body: "[]" });
    const open = hub.open({ accessToken: HUB_TOKEN });
    expect(await errorCode(async () => hashHubModel(open, { id: "lab/model" }))).to.equal("HUB_ANSWER_INVALID");
    hub.server().fail({ path: INFO, status: 302, headers: { location: `${other}/x` } });
    await errorCode(async () => readHubInfo(open, { id: "lab/model" }));
    const leaked = hub.server().requests.filter(({ atContent, authorization }) => atContent && authorization);
    expect(leaked).to.deep.equal([]);
    hub
      .server()
      .fail({ path: INFO, status: 302, headers: { location: "/api/models/lab/model/revision/main" }, times: 9 });
    expect(await errorCode(async () => readHubInfo(open, { id: "lab/model" }))).to.equal("HUB_ANSWER_INVALID");
  });

  const places = [
    "http://169.254.169.254/latest/meta-data",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://localhost/x",
    "https://10.0.0.1/x",
    "https://[::ffff:192.168.0.1]/x",
    "http://93.184.216.35/x",
    "file:///etc/passwd",
    "ftp://93.184.216.35/x",
  ];
  for (const location of places) {
    it(`do not follow a redirect of a public Hub to ${location}`, async function () {
      const asked: string[] = [];
      const send = answering(asked, () => ({ status: 302, headers: { location } }));
      const open = openHub({ endpoint: "https://93.184.216.34", send, ...manualClock() });
      expect(await errorCode(async () => readHubInfo(open, { id: "lab/model" }))).to.equal("HUB_ANSWER_INVALID");
      expect(asked.length).to.equal(1);
    });
  }

  const redirected = async (endpoint: string, location: string, addresses?: string[]) => {
    const asked: string[] = [];
    const send = answering(asked, (count) => (count > 1 ? { status: 404 } : { status: 302, headers: { location } }));
    const lookup: LookupAll = (_, done) => {
      const found = addresses?.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      done(found === undefined ? new Error("getaddrinfo ENOTFOUND") : null, found ?? []);
    };
    const open = openHub({ endpoint, send, lookup, ...manualClock() });
    const code = await errorCode(async () => readHubInfo(open, { id: "lab/model" }));
    return { code, asked: asked.filter((url) => !url.startsWith(endpoint)) };
  };

  it("do not follow a redirect to a name that leads to a private address, or cannot be looked up", async function () {
    const home = "https://93.184.216.34";
    for (const address of ["10.0.0.1", "::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "fe80::1"]) {
      const { code, asked } = await redirected(home, "https://cdn.example.com/x", ["93.184.216.35", address]);
      expect([code, ...asked], address).to.deep.equal(["HUB_ANSWER_INVALID"]);
    }
    expect((await redirected(home, "https://cdn.example.com/x")).asked).to.deep.equal([]);
    const followed = await redirected(home, "https://cdn.example.com/x", ["93.184.216.35", "64:ff9b::5db8:d823"]);
    expect(followed.asked).to.deep.equal(["https://cdn.example.com/x"]);
  });

  it("lead from a private Hub to private addresses, and never to one of the link", async function () {
    const home = "http://10.0.0.1:8080";
    expect((await redirected(home, "http://10.0.0.2/x")).asked).to.deep.equal(["http://10.0.0.2/x"]);
    for (const host of ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]"]) {
      const { code, asked } = await redirected(home, `http://${host}/latest/meta-data`);
      expect([code, ...asked], host).to.deep.equal(["HUB_ANSWER_INVALID"]);
    }
    expect((await redirected(home, "http://cdn.example.com/x", ["169.254.169.254"])).asked).to.deep.equal([]);
  });

  it("give user and password of the endpoint to it alone, and print neither", async function () {
    const endpoint = hub.server().url.replace("http://", "http://u:SECRETPW@");
    hub.server().fail({ path: INFO, status: 302, headers: { location: `${hub.server().contentUrl}/x` } });
    hub.server().fail({ path: INFO, status: 500, times: 6 });
    for (const named of [endpoint, endpoint, "ftp://u:SECRETPW@example.com"]) {
      const text = await Promise.resolve()
        .then(async () => readHubInfo(hub.open({ endpoint: named }), { id: "lab/model" }))
        .then(
          () => "no error",
          (error: Error) => error.message,
        );
      expect(text).to.include("H").and.to.not.include("SECRETPW").and.to.not.equal("no error");
    }
    const basic = `Basic ${Buffer.from("u:SECRETPW").toString("base64")}`;
    for (const { atContent, authorization } of hub.server().requests) {
      expect(authorization).to.equal(atContent ? undefined : basic);
    }
    expect(hub.server().requests.some(({ atContent }) => atContent)).to.equal(true);
  });

  it("are refused a token, or an endpoint, of another form", async function () {
    expect(await errorCode(() => openHub({ accessToken: "secret" }))).to.equal("HUB_TOKEN_INVALID");
    for (const endpoint of ["huggingface.co", "file:///x", "ftp://x"]) {
      expect(await errorCode(() => openHub({ endpoint }))).to.equal("OPTION_INVALID");
    }
  });
});

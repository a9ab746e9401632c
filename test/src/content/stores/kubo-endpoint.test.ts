import { expect } from "chai";
import { readKuboEndpoint } from "../../../../src/content/stores/kubo/endpoint.ts";
import { KuboStore } from "../../../../src/content/stores/kubo/kubo-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";

const TOKEN = "s3cret-token-of-nobody";

describe("readKuboEndpoint", function () {
  const basic = `Basic ${Buffer.from("me:pass:word").toString("base64")}`;
  const cases: [apiUrl: string, auth: string | undefined, base: string, authorization: string | undefined][] = [
    ["http://127.0.0.1:5001", undefined, "http://127.0.0.1:5001/api/v0/", undefined],
    ["http://127.0.0.1:5001/api/v0", undefined, "http://127.0.0.1:5001/api/v0/", undefined],
    ["http://127.0.0.1:5001/api/v0/", undefined, "http://127.0.0.1:5001/api/v0/", undefined],
    ["https://rpc.example/v1/ipfs/", "tok", "https://rpc.example/v1/ipfs/api/v0/", "Bearer tok"],
    ["/ip4/127.0.0.2/tcp/5001", "bearer:tok", "http://127.0.0.2:5001/api/v0/", "Bearer tok"],
    ["/ip4/10.0.0.1/tcp/5001", undefined, "http://10.0.0.1:5001/api/v0/", undefined],
    ["/ip6/::1/tcp/5001", undefined, "http://[::1]:5001/api/v0/", undefined],
    ["/dns/node/tcp/443/https", "Bearer tok", "https://node/api/v0/", "Bearer tok"],
    ["https://h:1", "basic:me:pass:word", "https://h:1/api/v0/", basic],
    ["https://h:1", basic.replace(" ", ":").toLowerCase().slice(0, 6) + basic.slice(6), "https://h:1/api/v0/", basic],
    ["https://me:pass%3Aword@h:1", undefined, "https://h:1/api/v0/", basic],
    ["https://me:other@h:1", "basic:me:pass:word", "https://h:1/api/v0/", basic],
  ];
  for (const [apiUrl, auth, base, authorization] of cases) {
    it(`reads ${apiUrl} with ${auth ?? "nothing"}`, function () {
      const endpoint = readKuboEndpoint(apiUrl, auth);
      expect({ base: endpoint.base.href, authorization: endpoint.authorization }).to.deep.equal({
        base,
        authorization,
      });
    });
  }

  for (const [apiUrl, auth] of [
    ["ftp://127.0.0.1", undefined],
    ["127.0.0.1:5001", undefined],
    ["/ip4/127.0.0.1/udp/1", undefined],
    ["http://h", "basic:me:pass"],
    ["http://me:pass@h", undefined],
    ["/ip4/10.0.0.1/tcp/5001", `bearer:${TOKEN}`],
    ["http://h", "basic:"],
    ["http://h", `bearer:${TOKEN}\r\nx: y`],
    ["http://h", "bearer:ключ"],
  ] as const) {
    it(`refuses ${apiUrl} with ${JSON.stringify(auth)}`, async function () {
      const open = () => new KuboStore({ apiUrl, ...(auth !== undefined && { auth }) });
      expect(await errorCode(open)).to.equal("OPTION_INVALID");
      expect(open)
        .to.throw(Error)
        .that.satisfies((error: Error) => !`${error.message} ${error.stack}`.includes(TOKEN));
    });
  }
});

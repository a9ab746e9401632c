import { expect } from "chai";
import fc from "fast-check";
import { authorizationOf, hideCredentials, hideUrls, secretsOf } from "../../../src/base/url-secrets.ts";

describe("URLs with secrets", function () {
  it("are shown without user and password, or without all but scheme and host", function () {
    const text = "see https://a:b@host:8545/v3/key?x=y, wss://host/path and http://host.";
    expect(hideCredentials(text)).to.equal("see https://host:8545/v3/key?x=y, wss://host/path and http://host.");
    expect(hideUrls(text)).to.equal("see https://host:8545/… wss://host/… and http://host.");
  });

  it("become the header of RFC 7617, in UTF-8", function () {
    expect(authorizationOf(new URL("http://Aladdin:open%20sesame@host"))).to.equal(
      "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    );
    expect(authorizationOf(new URL("http://test:123%C2%A3@host"))).to.equal("Basic dGVzdDoxMjPCow==");
    expect(authorizationOf(new URL("http://host"))).to.equal(undefined);
  });

  it("leave nothing of any secret in a text that repeats them", function () {
    const secret = fc.stringMatching(/^[A-Za-z0-9 _%&=+/-]{5,24}$/);
    fc.assert(
      fc.property(secret, secret, secret, secret, (user, password, path, query) => {
        const url = new URL("https://node.example");
        Object.assign(url, { username: encodeURIComponent(user), password: encodeURIComponent(password) });
        url.pathname = `/v3/${encodeURIComponent(path)}`;
        url.searchParams.set("key", query);
        const said = `no: ${user}:${password} ${path} ${query} ${authorizationOf(url)} ${url.href}`;
        const shown = secretsOf(url).reduce((rest, one) => rest.replaceAll(one, "…"), said);
        for (const one of [user, password, path, query]) expect(shown).to.not.include(one);
      }),
    );
  });
});

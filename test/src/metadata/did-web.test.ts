import { expect } from "chai";
import fc from "fast-check";
import { parseDidWeb } from "../../../src/metadata/did-web.ts";

describe("parseDidWeb", function () {
  const valid = [
    ["did:web:example.org", "example.org", "https://example.org/.well-known/did.json"],
    ["did:web:example.org:labs:vision", "example.org/labs/vision", "https://example.org/labs/vision/did.json"],
    ["did:web:localhost%3A8443", "localhost:8443", "https://localhost:8443/.well-known/did.json"],
    ["did:web:xn--bcher-kva.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"],
    ["did:web:example.org:%C3%BC", "example.org/%C3%BC", "https://example.org/%C3%BC/did.json"],
  ] as const;
  for (const [did, name, url] of valid) {
    it(`reads ${did}`, function () {
      expect(parseDidWeb(did)).to.deep.include({ did, name, url });
    });
  }

  const invalid = [
    "did:web:",
    "did:key:z6Mk",
    "did:web:Example.org",
    "did:web:example.org:",
    "did:web:example.org::a",
    "did:web:example.org:..:a",
    "did:web:example.org:.",
    "did:web:example.org:%2e%2e:a",
    "did:web:example.org:a%2Fb",
    "did:web:example.org:a%5Cb",
    "did:web:example.org:%FF",
    "did:web:example.org%2Fevil.example",
    "did:web:user@example.org",
    "did:web:example.org%3A443",
    "did:web:example.org%3A70000",
    "did:web:example.org#key",
    "did:web:example.org?x",
    "did:web:127.0.0.1",
    "did:web:0x7f000001",
    "did:web:2130706433",
    "did:web:[%3A%3A1]",
    "did:web:-a.example",
    "did:web:bücher.example",
    "did:web:example.org\u202E",
    "did:web:example.org\n",
    `did:web:${"a".repeat(64)}.example`,
    `did:web:example.org:${"a".repeat(600)}`,
  ];
  for (const did of invalid) {
    it(`refuses ${JSON.stringify(did).slice(0, 60)}`, function () {
      expect(parseDidWeb(did)).to.equal(undefined);
    });
  }

  it("leads whatever it takes to the host that stands in it, over https, and to a did.json", function () {
    const part = fc.stringMatching(/^[a-zA-Z0-9.%:@/\\#?_~\-[\]]{1,20}$/);
    const host = fc.oneof(fc.domain(), fc.stringMatching(/^[a-z0-9.-]{1,20}$/), part);
    fc.assert(
      fc.property(host, fc.array(part, { maxLength: 3 }), (domain, path) => {
        const did = ["did:web", domain, ...path].join(":");
        const parsed = parseDidWeb(did);
        if (parsed === undefined) return;
        const url = new URL(parsed.url);
        expect(url.protocol).to.equal("https:");
        expect(url.username + url.password + url.search + url.hash).to.equal("");
        expect(url.host).to.equal(did.split(":")[2]?.replace("%3A", ":"));
        expect(url.pathname).to.match(/\/did\.json$/);
        expect(url.href).to.equal(parsed.url);
        expect(parsed.name).to.match(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});

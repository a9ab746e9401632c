import { getAddress } from "ethers";
import { expect } from "chai";
import * as fc from "fast-check";
import { type SiweMessage, formatSiweMessage, parseSiweMessage } from "../../../src/gate/siwe-message.ts";

// The example of the specification.
const EXAMPLE = `example.com wants you to sign in with your Ethereum account:
0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

I accept the ExampleOrg Terms of Service: https://example.com/tos

URI: https://example.com/login
Version: 1
Chain ID: 1
Nonce: 32891756
Issued At: 2021-09-30T16:25:24Z
Resources:
- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
- https://example.com/my-web2-claim.json`;

const uri = fc.webUrl({ withQueryParameters: true });
const time = fc
  .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString());
const optional = fc.record(
  {
    scheme: fc.constantFrom("https", "http", "did+x"),
    statement: fc.stringMatching(/^[A-Za-z0-9 .,:!?'()-]{1,60}$/),
    expirationTime: time,
    notBefore: time,
    requestId: fc.stringMatching(/^[A-Za-z0-9._~:@-]{0,20}$/),
    resources: fc.array(uri, { maxLength: 3 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const required = fc.record(
  {
    domain: fc.constantFrom("example.com", "example.com:8443", "[::1]:80", "localhost"),
    address: fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((bytes) => getAddress(`0x${Buffer.from(bytes).toString("hex")}`)),
    uri,
    version: fc.constant("1" as const),
    chainId: fc.bigInt({ min: 0n, max: 10n ** 20n }),
    nonce: fc.stringMatching(/^[A-Za-z0-9]{8,40}$/),
    issuedAt: time,
  },
  { noNullPrototype: true },
);
const message = fc.tuple(required, optional).map(([a, b]): SiweMessage => ({ ...a, ...b }));

describe("parseSiweMessage", function () {
  it("reads the example of EIP-4361", function () {
    const parsed = parseSiweMessage(EXAMPLE);
    expect(parsed).to.include({ domain: "example.com", chainId: 1n, nonce: "32891756", version: "1" });
    expect(parsed?.statement).to.equal("I accept the ExampleOrg Terms of Service: https://example.com/tos");
    expect(parsed?.resources).to.have.length(2);
    expect(formatSiweMessage(parsed as SiweMessage)).to.equal(EXAMPLE);
  });

  it("reads what was written, whatever it says", function () {
    fc.assert(
      fc.property(message, (written) => {
        expect(parseSiweMessage(formatSiweMessage(written))).to.deep.equal(written);
      }),
    );
  });

  it("reads nothing that it would write otherwise", function () {
    const edit = fc.record({
      at: fc.nat({ max: 600 }),
      remove: fc.nat({ max: 3 }),
      insert: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(message, edit, (written, { at, remove, insert }) => {
        const text = formatSiweMessage(written);
        const edited = text.slice(0, at) + insert + text.slice(at + remove);
        const parsed = parseSiweMessage(edited);
        if (parsed !== undefined) expect(formatSiweMessage(parsed)).to.equal(edited);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseSiweMessage(text)).to.equal(undefined);
      }),
    );
  });

  const changes: Record<string, [string | RegExp, string]> = {
    "a line end of Windows": ["\n", "\r\n"],
    "a line end behind it": [/$/, "\n"],
    "a blank before it": [/^/, " "],
    "another version": ["Version: 1", "Version: 2"],
    "no version": ["Version: 1\n", ""],
    "an address in lower case": [
      "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
      "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
    ],
    "a wrong checksum": ["0xC02aaA", "0xC02aAa"],
    "a chain id in hex": ["Chain ID: 1", "Chain ID: 0x1"],
    "a chain id with a leading zero": ["Chain ID: 1", "Chain ID: 01"],
    "a short nonce": ["32891756", "3289175"],
    "a nonce with other signs": ["32891756", "3289-756"],
    "a line in the statement": ["I accept", "I accept\nall"],
    "a letter beyond ASCII in the statement": ["I accept", "I aссept"],
    "an order of its own": ["Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1"],
    "a field twice": ["Nonce: 32891756", "Nonce: 32891756\nNonce: 32891757"],
    "a time without zone": ["16:25:24Z", "16:25:24"],
    "a day that is none": ["2021-09-30", "2021-02-30"],
    "an hour that is none": ["16:25:24Z", "24:00:00Z"],
    "a resource that is no URI": ["- https://example.com/my", "- my"],
    "a domain with an account": ["example.com wants", "me@example.com wants"],
    "a domain with a path": ["example.com wants", "example.com/x wants"],
    "more than 4096 characters": ["I accept", `I ${"x".repeat(4000)}`],
  };
  for (const [what, [from, to]] of Object.entries(changes)) {
    it(`refuses ${what}`, function () {
      expect(parseSiweMessage(EXAMPLE.replace(from, to))).to.equal(undefined);
    });
  }
});

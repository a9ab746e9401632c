import type { LookupAddress } from "node:dns";
import { expect } from "chai";
import * as fc from "fast-check";
import { guardAddresses } from "../../../../src/base/http/address-guard.ts";
import { isPrivateHost, isPublicAddress } from "../../../../src/base/http/public-address.ts";
import { GatewaySource } from "../../../../src/content/gateways/gateway-source.ts";
import { rawBlock } from "../../../../src/content/cid.ts";
import { closeGateways, startGateway } from "../../../helpers/servers/gateway.ts";

/** What the guard's look-up answers for a connection, where the name server answers these addresses. */
async function lookUp(configured: string, host: string, addresses: readonly string[]) {
  const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
  const asked: string[] = [];
  const guard = guardAddresses(new URL(configured), (name, done) => {
    asked.push(name);
    done(null, found);
  });
  return new Promise<{ error?: string; addresses?: unknown; asked: string[] }>((resolve) => {
    guard.lookup(host, { all: true }, (error, answer) => {
      resolve(error ? { error: error.message, asked } : { addresses: answer, asked });
    });
  });
}

describe("guardAddresses", function () {
  afterEach(closeGateways);

  const PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"];
  const PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "fec0::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "fe80::1%eth0",
  ];

  it("knows the addresses of the public internet", function () {
    for (const address of PUBLIC) expect(isPublicAddress(address), address).to.equal(true);
    for (const address of PRIVATE) expect(isPublicAddress(address), address).to.equal(false);
    for (const text of ["", "example.org", "1.1.1", "0x01010101"]) expect(isPublicAddress(text)).to.equal(false);
  });

  it("takes no private address for a public one, however it is written into IPv6", function () {
    const octet = fc.integer({ min: 0, max: 255 });
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    );
    fc.assert(
      fc.property(inside, fc.constantFrom("", "::ffff:", "::", "64:ff9b::", "::ffff:0:"), (octets, prefix) => {
        expect(isPublicAddress(prefix + octets.join("."))).to.equal(false);
      }),
    );
  });

  it("knows the names that mean a machine of one's own", function () {
    for (const host of ["localhost", "kubo", "a.localhost", "nas.local", "ipfs.internal", "x.home.arpa", "10.0.0.1"]) {
      expect(isPrivateHost(host), host).to.equal(true);
    }
    for (const host of ["example.org", "localhost.example.org", "local.example", "1.1.1.1", "localhost."]) {
      expect(isPrivateHost(host), host).to.equal(false);
    }
  });

  it("refuses a public name that leads inside, also among other addresses", async function () {
    for (const address of PRIVATE) {
      const answer = await lookUp("https://gateway.example", "gateway.example", ["1.1.1.1", address]);
      expect(answer.error, address).to.include("no public address");
    }
    const answer = await lookUp("https://gateway.example", "gateway.example", PUBLIC);
    expect((answer.addresses as LookupAddress[]).map(({ address }) => address)).to.deep.equal(PUBLIC);
    expect((await lookUp("https://gateway.example", "gateway.example", [])).error).to.include("has no address");
  });

  it("lets the host that the user named be private, and nothing else", async function () {
    expect(await lookUp("http://kubo:8080", "kubo", ["172.17.0.2"])).to.have.property("addresses");
    expect(await lookUp("http://kubo:8080", "other", ["172.17.0.3"])).to.have.property("error");
    expect(await lookUp("http://kubo:8080", "cid.ipfs.kubo", ["172.17.0.2"])).to.have.property("addresses");
    expect(await lookUp("http://127.0.0.1", "localhost", ["127.0.0.1"])).to.have.property("error");
    const below = await lookUp("http://localhost:8080", "cid.ipfs.localhost", ["127.0.0.1"]);
    expect(below)
      .to.deep.include({ asked: ["localhost"] })
      .and.to.have.property("addresses");
    expect(await lookUp("https://gateway.example", "a.localhost", ["127.0.0.1"])).to.have.property("error");
  });

  it("looks at addresses in URLs, where nothing is looked up", function () {
    const guard = guardAddresses(new URL("https://gateway.example"));
    for (const url of [
      "http://127.0.0.1/",
      "http://[::1]/",
      "http://2130706433/",
      "http://0x7f.1/",
      "http://0177.0.0.1/",
      "http://127.1/",
      "http://[::ffff:169.254.169.254]/",
      "http://0/",
    ]) {
      expect(guard.faultOf(new URL(url)), url).to.be.a("string");
    }
    expect(guard.faultOf(new URL("https://1.1.1.1/"))).to.equal(undefined);
    expect(guard.faultOf(new URL("ftp://gateway.example/"))).to.be.a("string");
    expect(guardAddresses(new URL("http://10.0.0.1")).faultOf(new URL("http://10.0.0.1/x"))).to.equal(undefined);
    expect(guardAddresses(new URL("http://10.0.0.1")).faultOf(new URL("http://10.0.0.2/x"))).to.be.a("string");
  });

  it("looks at every connection: a name whose answer changes gains nothing", async function () {
    const block = rawBlock(Buffer.from("inside"));
    const inside = await startGateway([block]);
    let lookups = 0;
    const source = new GatewaySource([`http://gateway.example:${inside.port}`], {
      wait: async () => undefined,
      lookup: (_, done) => {
        lookups++;
        done(null, [{ address: "127.0.0.1", family: 4 }]);
      },
    });
    const failure = await source.get(block.cid).catch((error: Error) => error.message);
    expect(failure).to.include("gateway.example leads to 127.0.0.1");
    expect(lookups).to.equal(1);
    expect(inside.requests).to.deep.equal([]);
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { getAddress } from "ethers";
import { toHex32 } from "../../../../src/base/hex.ts";
import {
  LICENSE_KINDS,
  type Offer,
  hashOffer,
  licenseIdOf,
  offerIdOf,
  offerIdOfLicense,
  toOfferStruct,
} from "../../../../src/registry/market/offer.ts";
import { formatOfferFile, parseOfferFile } from "../../../../src/registry/market/offer-file.ts";
import { ethers } from "../../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../../helpers/error-code.ts";

const bits = (count: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(count) - 1n });
const address = bits(160).map((value) => getAddress(`0x${value.toString(16).padStart(40, "0")}`));
const offers: fc.Arbitrary<Offer> = fc.record({
  registry: address,
  tokenId: bits(256),
  seller: address,
  currency: address,
  price: bits(128),
  duration: bits(40),
  deadline: bits(40),
  limit: bits(64),
  kind: fc.constantFrom(...LICENSE_KINDS),
  endsWhenRevoked: fc.boolean(),
  termsDigest: bits(256).map(toHex32),
  salt: bits(256),
});
const PLACE = { chainId: 31337n, address: `0x${"11".repeat(20)}` };

describe("an offer of licences", function () {
  it("has the hash that the market computes", async function () {
    const market = await ethers.deployContract("LicenseMarket");
    const place = { chainId: 31337n, address: await market.getAddress() };
    await fc.assert(
      fc.asyncProperty(offers, async (offer) => {
        expect(await market.hashOffer(toOfferStruct(offer))).to.equal(hashOffer(place, offer));
      }),
      { numRuns: 25 },
    );
  });

  it("is read from its file as it was written, and the same bytes every time", function () {
    fc.assert(
      fc.property(offers, fc.uint8Array({ maxLength: 200 }), (offer, bytes) => {
        const signature = `0x${Buffer.from(bytes).toString("hex")}` as const;
        const signed = { market: `eip155:31337:${PLACE.address}`, offer, signature };
        const file = formatOfferFile(signed);
        expect(parseOfferFile(file)).to.deep.equal(signed);
        expect(formatOfferFile(parseOfferFile(file))).to.deep.equal(file);
      }),
    );
  });

  it("is found by the ids of its licences", function () {
    fc.assert(
      fc.property(offers, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (offer, serial) => {
        const offerId = offerIdOf(PLACE, offer);
        expect(offerIdOfLicense(licenseIdOf(offerId, serial))).to.equal(offerId);
      }),
    );
  });

  it("is refused in any other form", async function () {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const code = await errorCode(() => parseOfferFile(new TextEncoder().encode(text)));
        expect(code).to.equal("OFFER_INVALID");
      }),
    );
  });
});

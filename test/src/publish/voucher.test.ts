import { expect } from "chai";
import { AbstractSigner, type Provider, type TypedDataDomain, type TypedDataField } from "ethers";
import * as fc from "fast-check";
import { type MintVoucher, hashVoucher, signVoucher, signerOfVoucher } from "../../../src/publish/voucher.ts";
import { formatVoucherFile, parseVoucherFile } from "../../../src/publish/voucher-file.ts";
import type { Hex } from "../../../src/base/hex.ts";
import { canonicalJson } from "../../../src/metadata/canonical-json.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { testWallet } from "../../helpers/metadata.ts";
import { arbitraryAddress, arbitrarySubmission, modelSubmission } from "../../helpers/model-submissions.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { type PatchOperation, applyPatch, readVectorFile, readVectors } from "../../helpers/vectors.ts";

const place = { chainId: 31337n, address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };
const arbitraryVoucher: fc.Arbitrary<MintVoucher> = fc.record({
  to: arbitraryAddress,
  submission: arbitrarySubmission,
  deadline: fc.bigInt(0n, BigInt(Number.MAX_SAFE_INTEGER)),
});
const voucher: MintVoucher = { to: testWallet.address, submission: modelSubmission("model"), deadline: 1_900_000_000n };

interface VoucherVector {
  hash: string;
  signer: string;
  file: object;
}

/** A contract account: it signs with whatever bytes. */
class ContractSigner extends AbstractSigner {
  readonly #address: string;
  readonly #signature: string;

  constructor(address: string, signature: string) {
    super(null);
    this.#address = address;
    this.#signature = signature;
  }
  override getAddress = async () => this.#address;
  override signTypedData = async (_: TypedDataDomain, __: Record<string, TypedDataField[]>) => this.#signature;
  override signMessage = async () => this.#signature;
  override signTransaction = async () => "0x";
  override connect = (_: Provider | null) => this;
}

describe("hashVoucher", function () {
  it("is what the contract computes", async function () {
    const { registry } = await networkHelpers.loadFixture(deployRegistry);
    await fc.assert(
      fc.asyncProperty(arbitraryVoucher, async (any) => {
        expect(hashVoucher(registry, any)).to.equal(await registry.contract.hashVoucher(any));
      }),
      { numRuns: 30 },
    );
  });
});

describe("signVoucher", function () {
  it("signs for an account, in the form the contract takes", async function () {
    const signed = await signVoucher(place, testWallet, voucher);
    expect(signed).to.include({ registry: `eip155:31337:${place.address}` });
    expect(signed.signature).to.match(/^0x[0-9a-f]{128}(1b|1c)$/);
    expect(signerOfVoucher(place, signed)).to.equal(testWallet.address);
    expect(signerOfVoucher({ ...place, chainId: 1n }, signed)).not.to.equal(testWallet.address);

    // A wallet that ends its signatures with 0 or 1.
    const { signature } = signed;
    const parity = signature.endsWith("1b") ? "00" : "01";
    const odd = new ContractSigner(testWallet.address, `${signature.slice(0, -2)}${parity}`);
    expect((await signVoucher(place, odd, voucher)).signature).to.equal(signature);
  });

  it("puts the address before the signature of a contract", async function () {
    const signed = await signVoucher(place, new ContractSigner(place.address, "0x1234"), voucher);
    expect(signed.signature).to.equal(`${place.address.toLowerCase()}1234`);
    expect(signerOfVoucher(place, signed)).to.equal(place.address);
    const ambiguous = new ContractSigner(place.address, `0x${"12".repeat(45)}`);
    expect(await errorCode(() => signVoucher(place, ambiguous, voucher))).to.equal("VOUCHER_INVALID");
  });

  it("finds no signer in other bytes", function () {
    for (const signature of ["0x", `0x${"00".repeat(65)}`, place.address.toLowerCase()] as Hex[]) {
      expect(signerOfVoucher(place, { registry: "", voucher, signature })).to.equal(undefined);
    }
  });
});

describe("voucher files", function () {
  it("are read as they were written", async function () {
    await fc.assert(
      fc.asyncProperty(arbitraryVoucher, async (any) => {
        const signed = await signVoucher(place, testWallet, any);
        expect(parseVoucherFile(formatVoucherFile(signed))).to.deep.equal(signed);
      }),
      { numRuns: 30 },
    );
  });

  for (const { description, hash, signer, file } of readVectors<VoucherVector>("valid", "voucher")) {
    it(`hold ${description}`, async function () {
      const signed = parseVoucherFile(Buffer.from(JSON.stringify(file)));
      const there = { ...place, chainId: 1n };
      expect(hashVoucher(there, signed.voucher)).to.equal(hash);
      expect(signerOfVoucher(there, signed)).to.equal(signer);
      expect(await signVoucher(there, testWallet, signed.voucher)).to.deep.equal(signed);
      expect(formatVoucherFile(signed)).to.deep.equal(canonicalJson(file));
    });
  }

  const { base } = readVectorFile("invalid", "voucher") as { base: object };
  for (const { description, patch } of readVectors<{ patch: PatchOperation[] }>("invalid", "voucher")) {
    it(`do not hold ${description}`, async function () {
      const bytes = Buffer.from(JSON.stringify(applyPatch(base, patch)));
      expect(await errorCode(() => parseVoucherFile(bytes))).to.equal("VOUCHER_INVALID");
    });
  }

  it("are refused where they are no JSON, too long, or not to be written", async function () {
    for (const bytes of [Buffer.alloc(0), Buffer.from("{"), Buffer.alloc(70_000, " "), Buffer.from("[".repeat(100))]) {
      expect(await errorCode(() => parseVoucherFile(bytes))).to.equal("VOUCHER_INVALID");
    }
    const signed = await signVoucher(place, testWallet, { ...voucher, deadline: 2n ** 60n });
    expect(await errorCode(() => formatVoucherFile(signed))).to.equal("VOUCHER_INVALID");
  });
});

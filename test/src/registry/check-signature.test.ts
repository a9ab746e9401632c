import { expect } from "chai";
import { AbiCoder, type Provider, SigningKey, Wallet, concat, hexlify, id, randomBytes } from "ethers";
import fc from "fast-check";
import type { Hex } from "../../../src/base/hex.ts";
import type { Metadata, Provenance } from "../../../src/metadata/schema.ts";
import { type SignatureAnswer, checkMetadataSignature, checkSignature } from "../../../src/registry/check-signature.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { readVectors } from "../../helpers/vectors.ts";

interface SignatureVector {
  readonly signer: string;
  readonly chainId: string;
  readonly registry: string;
  readonly provenance: Provenance;
  readonly signature: string;
}

const vector = readVectors<SignatureVector>("valid", "signature").at(-1) as SignatureVector;
const domain = { chainId: BigInt(vector.chainId), registry: vector.registry };
const HASH = id("what is signed") as Hex;
const KEY = new SigningKey(id("a key"));
const OWNER = new Wallet(KEY);
const { provider } = ethers;

function metadataOf(provenance: Provenance, value: string): Metadata {
  const signature = { type: "EIP-712" as const, signer: vector.signer, value };
  return { name: "x", description: "x", attributes: [], provenance, signature };
}
const signed = metadataOf(vector.provenance, vector.signature);

/** A wallet that a contract is, one that is made only when it is needed, and an account with the code of one. */
async function deployWallets() {
  const wallet = await (await ethers.deployContract("WalletMock", [OWNER.address])).getAddress();
  const factory = await ethers.deployContract("WalletFactoryMock");
  const undeployed = await factory.addressOf(OWNER.address);
  const make = factory.interface.encodeFunctionData("make", [OWNER.address]);
  const delegated = Wallet.createRandom();
  await networkHelpers.setCode(delegated.address, concat(["0xef0100", wallet]));
  return { wallet, undeployed, delegated, factory: await factory.getAddress(), make };
}

/** As ERC-6492 says. */
function wrap(factory: string, call: string, signature: string): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(["address", "bytes", "bytes"], [factory, call, signature]);
  return concat([encoded, `0x${"6492".repeat(16)}`]);
}

describe("checkSignature", function () {
  describe("of the metadata", function () {
    const check = async (metadata: Metadata, creator = vector.signer, place = domain) =>
      (await checkMetadataSignature(metadata, creator, place, provider)).signed;

    it("holds for the creator on this chain and registry, and asks nobody for it", async function () {
      expect(await check(signed)).to.equal("yes");
      expect((await checkMetadataSignature(signed, vector.signer, domain)).signed).to.equal("yes");
    });

    const other = `0x${"12".repeat(32)}`;
    const changes: Record<string, Partial<Provenance>> = {
      modelDigest: { modelDigest: other },
      manifestRoot: { manifestRoot: other },
      datasetDigest: { datasetDigest: other },
      "a field that only the provenance's digest binds": { task: "another" },
      "a field more": { version: "1.0.0" },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`breaks with ${what}`, async function () {
        expect(await check(metadataOf({ ...vector.provenance, ...change }, vector.signature))).to.equal("no");
      });
    }

    it("breaks on another chain, and for another registry", async function () {
      expect(await check(signed, vector.signer, { ...domain, chainId: 1n })).to.equal("no");
      const registry = "0x1111111111111111111111111111111111111111";
      expect(await check(signed, vector.signer, { ...domain, registry })).to.equal("no");
    });

    it("is none of another account, whoever the metadata names", async function () {
      const creator = "0x1111111111111111111111111111111111111111";
      expect(await check({ ...signed, signature: { ...signed.signature, signer: creator } }, creator)).to.equal("no");
      expect(await check(signed, creator)).to.equal("no");
    });

    for (const value of ["0x00", `0x${"00".repeat(65)}`, `0x${"ff".repeat(65)}`, `${vector.signature}00`]) {
      it(`is none in bytes that are no signature: ${value.slice(0, 12)}`, async function () {
        expect(await check(metadataOf(vector.provenance, value))).to.equal("no");
      });
    }
  });

  it("asks a contract account, and takes its magic value alone", async function () {
    const kinds = ["Reverts", "AnswersNothing", "AnswersHalf", "AnswersTrue", "AnswersWithMore", "AnswersForEver"];
    for (const kind of kinds.keys()) {
      const account = await (await ethers.deployContract("HostileWalletMock", [kind])).getAddress();
      const answer = await checkSignature({ account, hash: HASH, signature: "0x1234" }, provider);
      expect(answer, kinds[kind]).to.deep.equal({ signed: "no" });
    }
  });

  it("makes a wallet that does not stand yet for the question alone, and changes nothing", async function () {
    const { undeployed, factory, make } = await networkHelpers.loadFixture(deployWallets);
    const inner = KEY.sign(HASH).serialized;
    const ask = async (signature: string) =>
      (await checkSignature({ account: undeployed, hash: HASH, signature }, provider)).signed;
    expect(await ask(wrap(factory, make, inner))).to.equal("yes");
    expect(await provider.getCode(undeployed)).to.equal("0x");
    expect(await ask(inner)).to.equal("no");
    expect(await ask(wrap(factory, "0x12345678", inner))).to.equal("no");
    expect(await ask(wrap(factory, make, KEY.sign(id("another")).serialized))).to.equal("no");
    expect(await ask(concat([inner, `0x${"6492".repeat(16)}`]))).to.equal("no");
  });

  it("cannot tell of a contract without a node, and says so", async function () {
    const { wallet } = await networkHelpers.loadFixture(deployWallets);
    const answer = await checkSignature({ account: wallet, hash: HASH, signature: KEY.sign(HASH).serialized });
    expect(answer.signed).to.equal("unknown");
  });

  it("answers as the accounts are, or that it is not known where the node fails, whatever was signed", async function () {
    const wallets = await networkHelpers.loadFixture(deployWallets);
    const { delegated, factory, make } = wallets;
    const accounts = ["key", "wallet", "undeployed", "delegated", "delegated by its key", "nobody"] as const;
    const failures = [
      undefined,
      "0x",
      "0x00",
      `0x${"3".padStart(64, "0")}`,
      new Error("rate limited"),
      ...errorsOfNodes(),
    ];
    const claim = fc.record({
      who: fc.constantFrom(...accounts),
      bytes: fc.constantFrom("right", "of another hash", "broken", "too long"),
      failure: fc.constantFrom(...failures),
    });
    await fc.assert(
      fc.asyncProperty(claim, async ({ who, bytes, failure }) => {
        const key = who === "delegated by its key" ? delegated.signingKey : KEY;
        const own = key.sign(bytes === "of another hash" ? id("another") : HASH).serialized;
        const inner =
          bytes === "broken" ? hexlify(randomBytes(40)) : bytes === "too long" ? hexlify(randomBytes(20_000)) : own;
        const signature = who === "undeployed" ? wrap(factory, make, inner) : inner;
        const account = accountOf(who, wallets);
        const answer = await checkSignature({ account, hash: HASH, signature }, nodeThat(failure));
        const isRight = bytes === "right" && who !== "nobody";
        const isKey = who === "key" || who === "delegated by its key";
        expect(answer.signed).to.equal(expectedAnswer(isRight, isRight && isKey, bytes === "too long", failure));
      }),
      { numRuns: 200 },
    );
  });
});

function expectedAnswer(
  isRight: boolean,
  byKey: boolean,
  tooLong: boolean,
  failure: unknown,
): SignatureAnswer["signed"] {
  if (byKey) return "yes"; // nobody is asked
  if (tooLong) return "no";
  if (failure !== undefined) return "unknown";
  return isRight ? "yes" : "no";
}

function accountOf(who: string, { wallet, undeployed, delegated }: Awaited<ReturnType<typeof deployWallets>>): string {
  if (who === "key") return OWNER.address;
  if (who === "nobody") return "0x2222222222222222222222222222222222222222";
  return who === "wallet" ? wallet : who === "undeployed" ? undeployed : delegated.address;
}

/** The chain at hand, or a node that answers every call so. */
function nodeThat(failure: string | Error | undefined): Provider {
  if (failure === undefined) return provider;
  const call = async () => (typeof failure === "string" ? failure : Promise.reject(failure));
  return { call } as unknown as Provider;
}

/** As ethers hands them on. */
function errorsOfNodes(): Error[] {
  const errors = [
    { code: -32005, message: "limit exceeded" },
    { code: -32000, message: "missing trie node" },
    { code: -32000, message: "execution reverted" },
    { code: 3, message: "execution reverted", data: "0x" },
  ];
  return errors.map((error) =>
    Object.assign(new Error("missing revert data"), { code: "CALL_EXCEPTION", info: { error } }),
  );
}

import { expect } from "chai";
import { SigningKey, Wallet, ZeroAddress, id } from "ethers";
import { ethers } from "../helpers/deploy-model-provenance.ts";

const HASH = id("what is signed");
const KEY = new SigningKey(id("a key"));
const NO = 1n;
const YES = 2n;

describe("SignatureCheck", function () {
  it("asks an account, which it makes first where it is told how", async function () {
    const owner = new Wallet(KEY).address;
    const wallet = await (await ethers.deployContract("WalletMock", [owner])).getAddress();
    const factory = await ethers.deployContract("WalletFactoryMock");
    const undeployed = await factory.addressOf(owner);
    const make = factory.interface.encodeFunctionData("make", [owner]);
    const check = await ethers.getContractFactory("SignatureCheck");
    const ask = async (account: string, signature: string, maker = ZeroAddress, call = "0x") => {
      const { data } = await check.getDeployTransaction(account, HASH, signature, maker, call);
      return BigInt(await ethers.provider.call({ data }));
    };
    const signature = KEY.sign(HASH).serialized;
    const other = new SigningKey(id("another key")).sign(HASH).serialized;
    const maker = await factory.getAddress();
    expect(await ask(wallet, signature)).to.equal(YES);
    expect(await ask(wallet, other)).to.equal(NO);
    expect(await ask(undeployed, signature)).to.equal(NO);
    expect(await ask(undeployed, signature, maker, make)).to.equal(YES);
    expect(await ask(undeployed, other, maker, make)).to.equal(NO);
    expect(await ask(undeployed, signature, maker, "0x12345678")).to.equal(NO);
  });
});

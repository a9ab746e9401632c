import { expect } from "chai";
import { loadOptional } from "../../../src/base/optional-package.ts";
import { errorCode } from "../../helpers/error-code.ts";

describe("loadOptional", function () {
  const load = async <T>(module: T) =>
    loadOptional(async () => Promise.resolve(module), "It is for a test", "a-package");

  it("finds the names of a package of the older kind that was bundled, as Node does", async function () {
    const whole = Object.assign(() => "called", { create: () => "created" });
    const { default: call, create } = (await load({ default: whole })) as unknown as {
      default: () => string;
      create: () => string;
    };
    expect([call(), create()]).to.deep.equal(["called", "created"]);
    const [first, second] = (await load([{ default: { a: 1 } }, { b: 2 }])) as unknown as [
      { a: number },
      { b: number },
    ];
    expect([first.a, second.b]).to.deep.equal([1, 2]);
  });

  it("leaves other packages as they are, and says which is missing", async function () {
    const module = { default: { hidden: true }, named: 1 };
    expect(await load(module)).to.equal(module);
    const missing = async () => import(["model-provenance", "not-there"].join("-")) as Promise<object>;
    expect(await errorCode(() => loadOptional(missing, "It is for a test", "not-there"))).to.equal(
      "OPTIONAL_PACKAGE_MISSING",
    );
  });
});

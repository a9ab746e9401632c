import { expect } from "chai";
import { parsePolicy } from "../../../../src/verify/policy/policy.ts";
import { errorCode } from "../../../helpers/error-code.ts";

const parse = (text: string) => parsePolicy(Buffer.from(`schemaVersion: "1.0"\n${text}`));
const failure = (text: string): string => {
  try {
    parse(text);
    return "no error";
  } catch (error) {
    return (error as Error).message;
  }
};

const ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("a policy of 60 000 keys", function () {
  it("is refused for them at once, and a key that stands twice as well", async function () {
    this.timeout(10_000);
    const many = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join("\n");
    expect(await errorCode(async () => parsePolicy(Buffer.from(`schemaVersion: "1.0"\n${many}\n`)))).to.equal(
      "CONFIG_INVALID",
    );
    const twice = 'schemaVersion: "1.0"\nsignature: required\nsignature: optional\n';
    expect(await errorCode(async () => parsePolicy(Buffer.from(twice)))).to.equal("CONFIG_INVALID");
    const nested = 'schemaVersion: "1.0"\nformats: { refuse: [pickle], refuse: [gguf] }\n';
    expect(await errorCode(async () => parsePolicy(Buffer.from(nested)))).to.equal("CONFIG_INVALID");
  });
});

describe("policy file", function () {
  it("takes every rule, and any of them alone", function () {
    const rules = [
      `creators: [${ADDRESS}]`,
      `registries: ["eip155:1:${ADDRESS}"]`,
      "signature: required",
      "deprecated: refuse",
      "minimumConfirmations: 12",
      "maximumAge: 365d",
      "licenses: { allow: [MIT, LicenseRef-own, GPL-2.0-or-later], deny: [AGPL-3.0-only], nonCommercial: refuse }",
      "formats: { allow: [safetensors, gguf], refuse: [pickle, code] }",
      "ancestors: { status: active, endorsed: required, licenses: not-more-permissive }",
      "metrics: [{ name: accuracy, dataset: squad, split: validation, minimum: 0.9, maximum: 1 }]",
    ];
    for (const rule of rules) parse(rule);
    expect(parse(rules.join("\n"))).to.deep.include({ creators: [ADDRESS], maximumAge: 365 * 86_400 });
    expect(parse("maximumAge: 12 h").maximumAge).to.equal(12 * 3600);
    expect(parse("")).to.deep.equal({ schemaVersion: "1.0" });
  });

  const faults: [text: string, line: number, says: RegExp][] = [
    ["creator: [x]", 2, /creator: there is no such key/],
    [`creators:\n  - ${ADDRESS}\n  - ${ADDRESS.replace("F", "f")}`, 4, /creators\[1\]: must be an address/],
    ["creators: []", 2, /at least one/],
    ["registries:\n  - 0x00", 3, /CAIP-10/],
    ["licenses:\n  allow:\n    - Apache 2", 4, /SPDX/],
    ["licenses:\n  allow:\n    - MIT OR ISC", 4, /one SPDX/],
    ["licenses:\n  deny:\n    - (MIT)and(ISC)", 4, /one SPDX/],
    ["licenses:\n  nonComercial: refuse", 3, /nonComercial/],
    ["signature: yes", 2, /signature/],
    ["minimumConfirmations: 0", 2, /minimumConfirmations/],
    ["maximumAge: a year", 2, /365d/],
    ["maximumAge: 30m", 2, /365d/],
    ["formats:\n  refuse: [pickel]", 3, /formats\.refuse\[0\]/],
    ["ancestors:\n  status: fine", 3, /ancestors\.status/],
    ["metrics:\n  - minimum: 1", 3, /name/],
    ["metrics:\n  - name: a\n    minimum: 2\n    maximum: 1", 3, /above/],
  ];
  for (const [text, line, says] of faults) {
    it(`refuses ${JSON.stringify(text)}`, function () {
      expect(failure(text)).to.match(says).and.to.include(`line ${line},`);
    });
  }

  it("names all faults at once", function () {
    const text = failure("signature: maybe\ndeprecated: maybe\nformats: 1");
    for (const word of ["signature", "deprecated", "formats"]) expect(text).to.include(word);
  });
});

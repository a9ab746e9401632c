import { expect } from "chai";
import fc from "fast-check";
import { parsePolicy } from "../../../../src/verify/policy/policy.ts";
import { listOutcomes, listRules } from "../../../../src/verify/policy/rule-outcomes.ts";

const parse = (text: string) => parsePolicy(Buffer.from(`schemaVersion: "1.0"\n${text}`));
const POLICY = parse(`signature: required
deprecated: refuse
licenses: { allow: [MIT], deny: [], nonCommercial: refuse }
formats: { refuse: [pickle], allow: [gguf] }
ancestors: { status: active, endorsed: optional }`);
const RULES =
  "signature deprecated licenses.allow licenses.nonCommercial formats.allow formats.refuse ancestors.status";

describe("the outcomes of a policy's rules", function () {
  it("are of what it asks for, and of nothing that it leaves open", function () {
    expect(listRules(POLICY)).to.have.members(RULES.split(" "));
    expect(listRules(parse("signature: optional\ndeprecated: allow\nancestors: { licenses: any }"))).to.deep.equal([]);
  });

  it("are a row a rule: kept where nothing says otherwise, broken where something does for certain", function () {
    const rule = fc.constantFrom(...RULES.split(" "), "formats", "ancestors", "licenses.deny");
    const fault = fc.record({ rule, reason: fc.constantFrom("one", "two"), isUnread: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 6 }), (judged) => {
        const outcomes = listOutcomes([POLICY], judged);
        expect(new Set(outcomes.map((one) => one.rule)).size).to.equal(outcomes.length);
        const faultless = outcomes.filter(({ holds }) => holds === "yes").map((one) => one.rule);
        for (const one of judged) expect(faultless).to.not.include(one.rule);
        // Every fault is said, and the worst of a rule counts.
        for (const { rule: name, reason, isUnread } of judged.filter((one) => one.rule.includes("."))) {
          const outcome = outcomes.find((one) => one.rule === name);
          if (!isUnread) expect(outcome).to.include({ holds: "no" });
          if (!isUnread) expect(outcome?.reason).to.include(reason);
        }
        for (const group of ["formats", "ancestors"]) {
          if (!judged.some((one) => one.rule === group)) continue;
          const open = outcomes.filter((one) => one.rule.startsWith(group) && one.holds === "yes");
          expect(open).to.deep.equal([]);
        }
        expect(outcomes.length).to.be.at.least(RULES.split(" ").length);
      }),
    );
  });
});

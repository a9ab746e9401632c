import { expect } from "chai";
import * as fc from "fast-check";
import {
  type LicenseDrift,
  allowsCommercialUse,
  compareLicenses,
  satisfiesLicenses,
} from "../../../src/metadata/license-terms.ts";

describe("compareLicenses", function () {
  const cases: [parent: string, child: string, drift: LicenseDrift][] = [
    ["MIT", "MIT", "same"],
    ["LicenseRef-own", "LicenseRef-own", "same"],
    ["MIT", "Apache-2.0", "not-more-permissive"],
    ["MIT", "GPL-3.0-only", "not-more-permissive"],
    ["CC0-1.0", "MIT", "not-more-permissive"],
    ["MIT", "CC0-1.0", "more-permissive"],
    ["GPL-3.0-only", "MIT", "more-permissive"],
    ["GPL-3.0-only", "LGPL-3.0-only", "more-permissive"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", "LGPL-2.1-only", "not-more-permissive"],
    ["AGPL-3.0-only", "GPL-3.0-only", "more-permissive"],
    ["CC-BY-NC-4.0", "CC-BY-4.0", "more-permissive"],
    ["CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "not-more-permissive"],
    ["CC-BY-ND-4.0", "CC-BY-4.0", "more-permissive"],
    ["CC-BY-SA-4.0", "CC-BY-4.0", "more-permissive"],
    ["LicenseRef-llama3.1", "Apache-2.0", "more-permissive"],
    ["LicenseRef-llama3.1", "LicenseRef-gemma", "unknown"],
    ["LicenseRef-openrail", "LicenseRef-openrail AND MIT", "not-more-permissive"],
    ["LicenseRef-own", "MIT", "unknown"],
    ["MIT", "LicenseRef-own", "unknown"],
    ["", "MIT", "unknown"],
    ["MIT", "", "unknown"],
    ["", "", "unknown"],
    ["no expression", "MIT", "unknown"],
    ["MIT OR GPL-3.0-only", "Apache-2.0", "not-more-permissive"],
    ["GPL-3.0-only AND MIT", "MIT", "more-permissive"],
    ["GPL-3.0-only", "GPL-3.0-only OR MIT", "more-permissive"],
    ["GPL-3.0-only OR MIT", "MIT OR GPL-3.0-only", "not-more-permissive"],
  ];
  for (const [parent, child, drift] of cases) {
    it(`${parent || "none"} to ${child || "none"} is ${drift}`, function () {
      expect(compareLicenses(parent, child)).to.equal(drift);
    });
  }

  it("takes any text", function () {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), fc.string({ maxLength: 64 }), (parent, child) => {
        compareLicenses(parent, child);
        allowsCommercialUse(child);
        satisfiesLicenses(child, ["MIT"]);
      }),
    );
  });
});

describe("allowsCommercialUse", function () {
  for (const [license, expected] of [
    ["MIT", true],
    ["CC-BY-NC-4.0", false],
    ["LicenseRef-cc-by-nc", false],
    ["PolyForm-Noncommercial-1.0.0", false],
    ["MIT OR CC-BY-NC-4.0", true],
    ["MIT AND CC-BY-NC-4.0", false],
    ["LicenseRef-own", undefined],
    ["LicenseRef-llama3", true],
    ["LicenseRef-bigscience-openrail-m", true],
    ["BUSL-1.1", false],
    ["LicenseRef-llama2-research", false],
    ["LicenseRef-llamaNC", false],
    ["LicenseRef-gemma-academic", false],
    ["LicenseRef-research-only-openrail", false],
    ["LicenseRef-CC-BY-4.0-NonCommercial", false],
    ["", undefined],
  ] as const) {
    it(`${license || "none"}: ${expected ?? "not known"}`, function () {
      expect(allowsCommercialUse(license)).to.equal(expected);
    });
  }
});

describe("satisfiesLicenses", function () {
  for (const [license, allowed, expected] of [
    ["MIT", ["MIT"], true],
    ["MIT AND Apache-2.0", ["MIT"], false],
    ["MIT OR GPL-3.0-only", ["MIT"], true],
    ["GPL-2.0-or-later", ["GPL-3.0-only"], true],
    ["LicenseRef-own", ["LicenseRef-own"], true],
    ["LicenseRef-own", ["MIT"], false],
    ["", ["MIT"], false],
    ["apache 2", ["Apache-2.0"], false],
  ] as const) {
    it(`${license || "none"} by ${allowed.join()}: ${expected}`, function () {
      expect(satisfiesLicenses(license, allowed)).to.equal(expected);
    });
  }
});

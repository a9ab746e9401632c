import AxeBuilder from "@axe-core/playwright";
import { expect } from "chai";
import { type ConfigData, HtmlValidate } from "html-validate";
import type { Page } from "playwright-core";

const RULES = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // How attributes and lines are written is the browser's, which wrote this document.
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "no-trailing-whitespace": "off",
    // The height of what is drawn follows its content; script sets it, for the policy of the page allows no style in markup.
    "no-inline-style": ["error", { allowedProperties: ["height"] }],
    // On a phone the rows of a table are blocks, and browsers forget then what their elements are.
    "no-redundant-role": "off",
    // What is loaded comes from where the page does.
    "require-sri": "off",
    // A title names the model.
    "long-title": "off",
  },
} satisfies ConfigData;

/** Expects of a screen, when it is drawn: nothing that axe finds, HTML that html-validate takes, and no scrolling to the side. */
export async function expectFaultless(page: Page, width: number): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).to.deep.equal([]);
  const { results } = await new HtmlValidate(RULES).validateString(await page.content());
  const faults = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
  );
  expect([...new Set(faults)]).to.deep.equal([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(width);
}

import { expect } from "chai";
import { HTML } from "../../src/exports/html/html.ts";
import { writeForm } from "../../src/exports/write-form.ts";
import { expectFaultless } from "../helpers/check-screen.ts";
import { type RecordName, exportedRecords } from "../helpers/exported-records.ts";
import { useBrowser } from "../helpers/use-browser.ts";

describe("a record that was exported as a page", function () {
  const tests = useBrowser();

  for (const [name, width, colorScheme] of [
    ["revoked", 1280, "light"],
    ["mergeOfTwo", 1280, "dark"],
    ["japanese", 375, "light"],
    ["deprecated", 375, "dark"],
  ] satisfies [RecordName, number, "light" | "dark"][]) {
    it(`has nothing that stands in anybody's way, ${name}, ${width} pixels wide, ${colorScheme}`, async function () {
      const records = await exportedRecords();
      const bytes = await writeForm(HTML, await records.read(name, { ancestors: true }));
      const { context } = await tests.open({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.setContent(new TextDecoder().decode(bytes));
      await expectFaultless(page, width);
      expect(requests).to.deep.equal([]);
    });
  }
});

// Validates each BOM that is named, as the version it says it is: prints a line of JSON for each, null where nothing is wrong.
import { readFileSync } from "node:fs";
import { Validation } from "@cyclonedx/cyclonedx-library";

for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, "utf8");
  const fault = await new Validation.JsonStrictValidator(JSON.parse(text).specVersion).validate(text);
  console.log(JSON.stringify(fault === null ? null : JSON.stringify(fault)));
}

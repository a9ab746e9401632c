import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { parse } from "yaml";
import { OPTIONS } from "../../../src/cli/options.ts";
import { namesOf } from "../../../src/cli/verb.ts";
import { VERBS } from "../../../src/cli/verbs.ts";

const ROOT = new URL("../../../", import.meta.url);

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

describe("deploy/compose.yaml", function () {
  let services: Readonly<Record<string, Service>>;
  let volumes: Readonly<Record<string, unknown>>;

  before(async function () {
    const text = await readFile(new URL("deploy/compose.yaml", ROOT), "utf8");
    ({ services, volumes } = parse(text, { merge: true }) as {
      services: typeof services;
      volumes: typeof volumes;
    });
  });

  it("starts what is here, with flags and variables that it takes", async function () {
    const indexer = await readFile(new URL("indexer/server/settings.ts", ROOT), "utf8");
    const started = Object.values(services).filter(({ command }) => command?.[0] === "node");
    expect(started).to.have.length(2);
    for (const { command = [], environment = {} } of started) {
      const [, file = "", ...args] = command;
      expect(existsSync(new URL(file, ROOT)), file).to.equal(true);
      const verb = VERBS.find(({ name }) => name === args[0]);
      const options = verb === undefined ? [] : namesOf(verb).map((name) => OPTIONS[name]);
      const known = new Set(options.flatMap((option) => [`--${option.flag}`, option.environment]));
      const used = [...args.filter((arg) => arg.startsWith("--")), ...Object.keys(environment)];
      const unknown = used.filter((name) =>
        verb === undefined ? !indexer.includes(name.replace("--", "")) : !known.has(name),
      );
      expect(unknown, file).to.deep.equal([]);
    }
  });

  it("names services and volumes that there are", function () {
    for (const { depends_on: needed = {}, volumes: used = [] } of Object.values(services)) {
      expect(services).to.include.keys([...Object.keys(needed), "postgres"]);
      const named = used.map((volume) => volume.split(":")[0] ?? "").filter((name) => /^[a-z]+$/.test(name));
      expect(Object.keys(volumes)).to.include.members(named);
    }
  });
});

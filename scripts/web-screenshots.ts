// Pictures of the page for the documentation, of a registry in this process: npm run web:screenshots [-- FOLDER]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT } from "../src/cli/exit-codes.ts";
import { type Terminal, processTerminal } from "../src/cli/terminal.ts";
import { servePage } from "../src/cli/web/page-server.ts";
import { runScript } from "./support/run-script.ts";
import { takeScreenshots } from "./support/web/screenshots.ts";
import { tellPageStory } from "./support/web/story.ts";

const OUTPUT = process.env["SCREENSHOTS"] ?? join(import.meta.dirname, "../docs/images");
const quiet: Terminal = { ...processTerminal(), print: () => undefined, note: () => undefined, warn: () => undefined };

await runScript(async () => {
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-page-"));
  try {
    const { registry, store, folders } = await tellPageStory(folder, quiet);
    const server = await servePage({ registries: [registry], store, port: 0 });
    for (const path of await takeScreenshots(server.url, registry, folders, OUTPUT)) console.log(path);
    server.close();
    return EXIT.done;
  } finally {
    await rm(folder, { recursive: true });
  }
});

import { readFile, readdir } from "node:fs/promises";
import { dirname, join, matchesGlob, normalize } from "node:path";
import { createContext, runInContext } from "node:vm";
import { expect } from "chai";
import { type BuildOptions, type Format, type Metafile, build } from "esbuild";
import ts from "typescript";
import { rawBlock, toIpfsUri } from "../src/content/cid.ts";
import { computeManifestRoot, computeModelDigest } from "../src/model/manifest.ts";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");
/** A layer, as layers.js has it. */
interface Layer {
  readonly name: string;
  readonly rank: number;
  readonly does: string;
}

const { ANYWHERE, LAYERS } = (await import(join(ROOT, "layers.js"))) as {
  readonly ANYWHERE: readonly string[];
  readonly LAYERS: readonly Layer[];
};
/** What the package exports; anything may stand behind it. */
const ENTRIES = ["index.ts", "core.ts"];

describe("the layers of src/", function () {
  let imports: Map<string, readonly string[]>;

  before(async function () {
    const files = (await readdir(SRC, { recursive: true })).filter((name) => name.endsWith(".ts"));
    imports = new Map(await Promise.all(files.map(async (file) => [file, await readImports(file)] as const)));
    expect(imports.size).to.be.greaterThan(300);
  });

  it("hold every file but the entries", function () {
    const names = new Set(LAYERS.map(({ name }) => name));
    const others = [...imports.keys()].filter((file) => !names.has(layerOf(file)));
    expect(others.toSorted()).to.deep.equal(ENTRIES.toSorted());
  });

  it("import downwards alone, types included", function () {
    const ranks = new Map(LAYERS.map(({ name, rank }) => [name, rank]));
    const rankOf = (file: string) => ranks.get(layerOf(file)) ?? Infinity;
    const wrong = edges().filter(
      ([from, to]) => rankOf(to) > rankOf(from) || (rankOf(to) === rankOf(from) && layerOf(to) !== layerOf(from)),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("have no circle of imports, types included", function () {
    expect(findCircles(imports)).to.deep.equal([]);
    const circle = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
    ]);
    expect(findCircles(circle)).to.deep.equal([["a", "b", "c"]]);
  });

  it("are those of the table in docs/architecture.md", async function () {
    const lines = (await readFile(join(ROOT, "docs/architecture.md"), "utf8")).split("\n");
    const rows = lines.filter((line) => line.startsWith("| `src/"));
    const cells = rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
    const wanted = LAYERS.map(({ name, does }) => [`\`src/${name}/\``, does]);
    expect(cells).to.deep.equal(wanted);
  });

  it("say of files that are there that they run anywhere, and what they import does, too", async function () {
    const marked = [...imports.keys()].filter((file) => ANYWHERE.some((glob) => matchesGlob(file, glob)));
    for (const glob of ANYWHERE)
      expect(
        marked.some((file) => matchesGlob(file, glob)),
        glob,
      ).to.equal(true);
    const inputs = await bundle(marked.map((file) => join("src", file)));
    const own = Object.keys(inputs).filter((path) => path.startsWith("src/") && path.endsWith(".ts"));
    expect(own.filter((path) => !marked.includes(path.slice("src/".length)))).to.deep.equal([]);
    expect(findBuiltins(inputs)).to.deep.equal([]);
    expect(findBuiltins(await bundle([join("src", "model/walk.ts")]))).to.not.deep.equal([]);
  });

  it("give browsers a core that computes what the library does, without a word of Node", async function () {
    const { outputFiles, metafile } = await build({
      ...BROWSER,
      entryPoints: [join("src", "core.ts")],
      format: "iife",
      globalName: "core",
    });
    expect(findBuiltins(metafile.inputs)).to.deep.equal([]);
    const { TextEncoder, TextDecoder, URL, crypto, console } = globalThis;
    const browser = createContext({ TextEncoder, TextDecoder, URL, crypto, console, setTimeout, clearTimeout });
    runInContext(`globalThis.self = globalThis; ${outputFiles[0]?.text}; globalThis.core = core;`, browser);
    const resources = [
      { name: "config.json", size: 2, sha256: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" },
      { name: "weights/名前.bin", size: 0, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    ];
    const script = `const resources = ${JSON.stringify(resources)};
      JSON.stringify([
        core.computeModelDigest(resources),
        core.computeManifestRoot(resources),
        core.toIpfsUri(core.rawBlock(new TextEncoder().encode("{}")).cid),
        core.MODEL_PROVENANCE_ABI.length > 0,
        core.VERDICTS.verified.exitCode,
      ])`;
    expect(JSON.parse(runInContext(script, browser) as string)).to.deep.equal([
      computeModelDigest(resources),
      computeManifestRoot(resources),
      toIpfsUri(rawBlock(new TextEncoder().encode("{}")).cid),
      true,
      0,
    ]);
  });

  function edges(): [string, string][] {
    return [...imports].flatMap(([from, targets]) => targets.map((to): [string, string] => [from, to]));
  }
});

const BROWSER = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "browser" as const,
  format: "esm" as Format,
  write: false as const,
  metafile: true as const,
  logLevel: "silent" as const,
  outdir: "out",
  external: ["node:*"],
} satisfies BuildOptions;

async function bundle(entryPoints: string[]): Promise<Metafile["inputs"]> {
  return (await build({ ...BROWSER, entryPoints })).metafile.inputs;
}

function findBuiltins(inputs: Metafile["inputs"]): string[] {
  return Object.entries(inputs).flatMap(([path, { imports }]) =>
    imports.filter(({ external }) => external).map((imported) => `${path} imports ${imported.path}`),
  );
}

function layerOf(file: string): string {
  return file.split("/")[0] as string;
}

/** The files of src/ that one imports, types and what is loaded later included. */
async function readImports(file: string): Promise<string[]> {
  const { importedFiles } = ts.preProcessFile(await readFile(join(SRC, file), "utf8"), true, true);
  const paths = importedFiles.map(({ fileName }) => fileName).filter((path) => path.startsWith("."));
  return paths.map((path) => normalize(join(dirname(file), path))).filter((path) => !path.startsWith(".."));
}

/** Sets of files of which each leads to every other, each set in alphabetical order (Tarjan's algorithm). */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const places = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const place = places.size;
    places.set(file, place);
    stack.push(file);
    let low = place;
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      if (!places.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, lowest.get(next) ?? (places.get(next) as number));
      lowest.set(file, low);
    }
    lowest.set(file, low);
    if (low === place) {
      const members = stack.splice(stack.indexOf(file));
      if (members.length > 1 || graph.get(file)?.includes(file) === true) circles.push(members.toSorted());
    }
    return low;
  };
  for (const file of graph.keys()) if (!places.has(file)) visit(file);
  return circles;
}

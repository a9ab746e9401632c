import { fileURLToPath } from "node:url";
import { type Plugin, defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// Loading a module of the library does nothing by itself: what needs a constant of it does not load it all.
const treeshake = { moduleSideEffects: (id: string) => id.startsWith(at("src")) || id.endsWith(".css") };

/** What the compiler made is told by where and with what else it was compiled, too: without that the same sources make the same page. */
const artifactFacts: Plugin = {
  name: "artifact-facts",
  enforce: "pre",
  transform: (code, id) => {
    if (!/\/artifacts\/contracts\/.*\.json$/.test(id)) return undefined;
    const { deployedBytecode, immutableReferences } = JSON.parse(code) as Record<string, Record<string, unknown>>;
    const places = Object.entries(immutableReferences ?? {}).sort(([a], [b]) => Number(a) - Number(b));
    return JSON.stringify({
      deployedBytecode,
      immutableReferences: Object.fromEntries(places.map(([, at], i) => [i, at])),
    });
  },
};

// Everything is relative: the same files run under /ipfs/<cid>/, in a folder of any server, and from the package.
export default defineConfig({
  root: at("."),
  base: "./",
  publicDir: at("public"),
  plugins: [artifactFacts],
  resolve: { alias: { "model-provenance-nft/core": at("../src/core.ts") } },
  build: {
    outDir: at("../dist/web"),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: { treeshake },
  },
  worker: { format: "es", plugins: () => [artifactFacts], rolldownOptions: { treeshake } },
});

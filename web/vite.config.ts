import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// Loading a module of the library does nothing by itself: what needs a constant of it does not load it all.
const treeshake = { moduleSideEffects: (id: string) => id.startsWith(at("src")) || id.endsWith(".css") };

// Everything is relative: the same files run under /ipfs/<cid>/, in a folder of any server, and from the package.
export default defineConfig({
  root: at("."),
  base: "./",
  publicDir: at("public"),
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
  worker: { format: "es", rolldownOptions: { treeshake } },
});

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

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
    rolldownOptions: {
      // Loading a module of the library does nothing by itself: a screen that needs a constant of it does not load it all.
      treeshake: { moduleSideEffects: (id) => id.startsWith(at("src")) || id.endsWith(".css") },
    },
  },
  worker: { format: "es" },
});

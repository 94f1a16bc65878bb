import { createHash } from "node:crypto";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const backend = process.env.SELFOS_DEV_BACKEND ?? "http://127.0.0.1:8000";
const WORKER = "sw.js";
/** What a page may need without a network: all code, and the fonts of the languages it speaks. */
const KEPT = /\.(js|css|svg)$|-latin-wght-normal-[^/]*\.woff2$/;

/** Writes into the service worker which files make this build, and a name that is only its own. */
function listShell(): Plugin {
  return {
    name: "selfos-shell",
    enforce: "post",
    generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") throw new Error("the service worker is missing from the build");
      const files = Object.keys(bundle).filter((name) => name !== WORKER && KEPT.test(name));
      const shell = ["/", "/favicon.svg", ...files.sort().map((name) => `/${name}`)];
      const hash = createHash("sha256").update(worker.code);
      for (const name of ["index.html", ...files]) {
        const file = bundle[name];
        if (file) hash.update(file.type === "chunk" ? file.code : file.source);
      }
      const build = `selfos-build-${hash.digest("hex").slice(0, 16)}`;
      worker.code = `const SHELL=${JSON.stringify(shell)},BUILD="${build}";\n${worker.code}`;
    },
  };
}

export default defineConfig({
  plugins: [svelte(), listShell()],
  build: {
    outDir: "../src/selfos/edge/static",
    emptyOutDir: true,
    target: "es2023",
    // What runs such scripts knows the colours as they are written, so they need no twins. The
    // page's `light-dark()` is still spelled out for those that do not.
    cssTarget: ["chrome111", "firefox115", "safari16.4"],
    // The server's policy allows no inline code, so nothing may be inlined either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One small file compresses far better than one for each component, and is there at once.
    cssCodeSplit: false,
    rolldownOptions: {
      input: { index: "index.html", worker: "src/worker/sw.ts" },
      output: {
        // The worker's address never changes: browsers look there for the next build.
        entryFileNames: ({ name }) => (name === "worker" ? WORKER : "assets/[name]-[hash].js"),
      },
    },
  },
  server: {
    proxy: { "/api": { target: backend, ws: true } },
  },
});

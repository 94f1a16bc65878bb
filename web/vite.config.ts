import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const backend = process.env.SELFOS_DEV_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../src/selfos/edge/static",
    emptyOutDir: true,
    target: "es2023",
    // The server's policy allows no inline code, so nothing may be inlined either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One small file compresses far better than one for each component, and is there at once.
    cssCodeSplit: false,
  },
  server: {
    proxy: { "/api": { target: backend, ws: true } },
  },
});

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { buildId, version } from "./scripts/build-id.mjs";

const manager = process.env.MXM_URL ?? "http://127.0.0.1:5000";

export default defineConfig({
  plugins: [react()],
  define: { __MXM_VERSION__: JSON.stringify(version()), __MXM_BUILD__: JSON.stringify(buildId()) },
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The server puts a fresh value in its place for every page, and allows styles with it only.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../src/mxm/entrypoints/web_dist",
    emptyOutDir: true,
    target: "es2023",
    // The policy forbids data: scripts and fonts, and small files compress better on their own.
    assetsInlineLimit: 0,
    // size.mjs reads it: which files the first page needs.
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
  },
  server: {
    // The host stays as the browser sent it: the manager refuses sign-ins from another site.
    proxy: Object.fromEntries(
      ["/api", "/login", "/static"].map((path) => [path, { target: manager, changeOrigin: false }]),
    ),
  },
  test: { environment: "jsdom", setupFiles: ["src/test-setup.ts"], restoreMocks: true },
});

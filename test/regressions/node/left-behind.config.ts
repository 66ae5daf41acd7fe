import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/regressions/node/left-behind.failing.ts"] } });

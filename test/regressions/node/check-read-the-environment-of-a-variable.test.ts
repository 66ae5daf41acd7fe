import { afterEach, expect, it, vi } from "vitest";
import { readEnvironments } from "../../../src/cli/policy-file/read-environments.ts";
import { safeWrangler } from "../../support/cli/deployable.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
afterEach(() => vi.unstubAllEnvs());

it.each([undefined, "", "production"])("reads the top level as it is while CLOUDFLARE_ENV is %o", (variable) => {
  vi.stubEnv("CLOUDFLARE_ENV", variable);
  const environments = readEnvironments(scratch.write("wrangler.json", safeWrangler()));
  expect(environments.map(({ name, vars }) => [name, vars["ORDERS_URL"]])).toEqual([
    ["", "http://127.0.0.1:8790"],
    ["production", "https://orders.acme.dev"],
  ]);
});

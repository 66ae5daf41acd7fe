import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const TENANT = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555";

/** `init` left every issuer its default address of keys, so most policies answered every call with 503. */
it.each([
  {
    issuer: "https://id.example/realms/shop",
    expected: "https://id.example/realms/shop/protocol/openid-connect/certs",
  },
  { issuer: "https://shop.okta.com/oauth2/default", expected: "https://shop.okta.com/oauth2/default/v1/keys" },
  { issuer: `${TENANT}/v2.0`, expected: `${TENANT}/discovery/v2.0/keys` },
  { issuer: "https://accounts.google.com", expected: "https://www.googleapis.com/oauth2/v3/certs" },
  { issuer: "https://shop.auth0.com/", expected: "https://shop.auth0.com/.well-known/jwks.json" },
])("the first policy for $issuer has the address of its keys", async ({ issuer, expected }) => {
  const policy = join(scratch.path, "policy.json");
  const { exitCode } = await scopegate(
    ...["init", "--offline", "--force", "--policy", policy, "--issuer", issuer, "--client", "web"],
    ...["--resource-server", "https://api.example", "--upstream", "orders=https://orders.example"],
  );
  const compiled = compilePolicy(JSON.parse(readFileSync(policy, "utf8")), {});
  expect([exitCode, compiled.ok && compiled.value.issuers.get(issuer)?.jwksUri]).toEqual([0, expected]);
});

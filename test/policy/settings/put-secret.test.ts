import { expect, it } from "vitest";
import { putSecret } from "../../../src/policy/settings/put-secret.ts";

it("is a command for one environment, because the top level of wrangler's file is not deployed", () => {
  expect(putSecret("ERP_KEY")).toBe("npx wrangler secret put ERP_KEY --env ENVIRONMENT");
});

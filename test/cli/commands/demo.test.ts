import { describe, expect, it } from "vitest";
import { copyProject } from "../../support/cli/project-copy.ts";
import { runScript } from "../../support/cli/run-script.ts";
import { SHOP_POLICY } from "../../support/project/project-files.ts";

describe.concurrent("npm run demo", () => {
  it("plays the running example as it should go", async () => {
    const { exitCode, stdout, stderr } = await runScript("src/cli/main.ts", ["demo"]).finished;
    expect(stderr).toBe("");
    expect(stdout).toMatch(/All \d+ calls were answered as expected\.\n$/);
    expect(exitCode).toBe(0);
  });

  it("fails when an answer differs, and shows which", async () => {
    await using copy = await copyProject();
    const routes = await copy.read(SHOP_POLICY);
    await copy.write(SHOP_POLICY, routes.replace('"scopes": ["write:orders"]', '"authenticated": true'));
    const { exitCode, stdout } = await runScript(copy.path("src/cli/main.ts"), ["demo"]).finished;
    expect(stdout).toMatch(/^FAIL {2}customer {2}POST \/orders +403 scope-insufficient .* 201 by orders/m);
    expect(exitCode).toBe(1);
  });
});

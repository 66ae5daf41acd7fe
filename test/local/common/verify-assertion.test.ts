import { expect, it } from "vitest";
import { projectFile } from "../../support/project/project-files.ts";

it("is the verifier for Hono, as an origin copies it", () => {
  expect(projectFile("src/local/common/verify-assertion.ts")).toBe(
    projectFile("examples/origins/hono/verify-assertion.ts"),
  );
});

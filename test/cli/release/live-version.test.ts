import { expect, it } from "vitest";
import { liveVersion } from "../../../src/cli/release/live-version.ts";

const version = (version_id: unknown) => ({ version_id, percentage: 100 });

it.each([
  { name: "the one that is live", said: { versions: [version("1234-abcd")] }, expected: "1234-abcd" },
  { name: "none where two are live", said: { versions: [version("a"), version("b")] }, expected: undefined },
  { name: "none where none is live", said: { versions: [] }, expected: undefined },
  { name: "none where the id is no id", said: { versions: [version("a; rm -r")] }, expected: undefined },
  { name: "none where wrangler says something else", said: "No deployments found.", expected: undefined },
  { name: "none where wrangler fails", said: undefined, expected: undefined },
])("the version of an environment is $name", async ({ said, expected }) => {
  const asked: (readonly string[])[] = [];
  const found = await liveVersion("production", async (args) => {
    asked.push(args);
    return typeof said === "object" ? JSON.stringify(said) : said;
  });
  expect(found).toBe(expected);
  expect(asked).toEqual([["deployments", "status", "--json", "--env", "production"]]);
});

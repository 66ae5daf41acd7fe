import { expect, it } from "vitest";
import { messageAudiences } from "../../../src/cli/check/message-audiences.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled, policyFile, policyFileWith } from "../../support/policy/policy-file.ts";

const ANY = { authenticated: true };
const MCP = { path: "/mcp", upstream: "orders", mcp: { tools: { get_order: ANY } } };
const COGNITO = { issuer: "https://cognito.example", profile: "cognito" };
const GENERIC = { issuer: "https://generic.example", profile: "generic", audiences: ["https://gw.example/mcp"] };

it.each([
  { name: "nothing without MCP routes", file: policyFile(), expected: [] },
  {
    name: "nothing where issuers have audiences",
    file: policyFileWith({ issuers: { generic: GENERIC, cognito: { ...COGNITO, audiences: ["app"] } }, routes: [MCP] }),
    expected: [],
  },
  {
    name: "an issuer without audiences",
    file: policyFileWith({ issuers: { generic: GENERIC, cognito: COGNITO }, routes: [MCP] }),
    expected: ["error mcp-without-audiences issuers.cognito"],
  },
  {
    name: "nothing where the route accepts no token of it",
    file: policyFileWith({
      issuers: { generic: GENERIC, cognito: COGNITO },
      routes: [{ ...MCP, issuers: ["generic"] }],
    }),
    expected: [],
  },
  {
    name: "an issuer whose tokens one message accepts",
    file: policyFileWith({
      issuers: { generic: GENERIC, cognito: COGNITO },
      routes: [
        { ...MCP, mcp: { tools: { a: { ...ANY, issuers: ["generic"] }, b: { ...ANY, issuers: ["cognito"] } } } },
      ],
    }),
    expected: ["error mcp-without-audiences issuers.cognito"],
  },
])("check finds $name", ({ file, expected }) => {
  const found = messageAudiences(compiled(file));
  expect(found.map(({ code, severity, path }) => `${severity} ${code} ${path.join(".")}`)).toEqual(expected);
});

const scratch = scratchDirectory();

it("check fails for it, and says what to do", async () => {
  const policy = scratch.write("routes.json", JSON.stringify(policyFileWith({ routes: [MCP] })));
  const { exitCode, stdout } = await scopegate("check", "--policy", policy);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("mcp-without-audiences");
  expect(stdout).toContain("list the ids of its app clients");
});

import { describe, expect, it } from "vitest";
import { projectPolicy } from "../../../src/cli/create/project-policy.ts";

const ISSUER = "https://keycloak.example.com/realms/main";

function policyOf(names: readonly string[], jwksUri?: string) {
  return projectPolicy({
    answers: {
      issuer: ISSUER,
      resourceServer: "https://api.example.com",
      upstreams: names.map((name) => ({ name, url: `https://${name}.example.com`.toLowerCase() })),
      clients: [],
    },
    found: { settings: jwksUri === undefined ? {} : { jwksUri }, remarks: [], isDiscovered: false },
  });
}

describe("the policy of a project", () => {
  it("has a var for every address", () => {
    const { file, vars } = policyOf(["notes", "my-files"]);
    expect(vars).toEqual({
      ISSUER_URL: ISSUER,
      NOTES_URL: "https://notes.example.com",
      MY_FILES_URL: "https://my-files.example.com",
    });
    expect(file.upstreams).toEqual({ notes: { url: `\${NOTES_URL}` }, "my-files": { url: `\${MY_FILES_URL}` } });
  });

  it.each([
    { name: "below the issuer goes with it", jwksUri: `${ISSUER}/certs`, expected: `\${ISSUER_URL}/certs` },
    { name: "elsewhere stays", jwksUri: "https://keys.example.com/", expected: "https://keys.example.com/" },
    { name: "that is the default is left out", jwksUri: undefined, expected: undefined },
  ])("an address of keys $name", ({ jwksUri, expected }) => {
    expect(policyOf(["notes"], jwksUri).file.issuers).toEqual({
      main: {
        issuer: `\${ISSUER_URL}`,
        profile: "generic",
        audiences: ["https://api.example.com"],
        registeredClientsOnly: true,
        ...(expected && { jwksUri: expected }),
      },
    });
  });

  it.each([
    { names: ["issuer"], variable: "ISSUER_URL" },
    { names: ["a-b", "a_b"], variable: "A_B_URL" },
    { names: ["a", "A"], variable: "A_URL" },
  ])("refuses upstreams that would share a var: $names", ({ names, variable }) => {
    expect(() => policyOf(names)).toThrow(`The var ${variable} is taken already.`);
  });
});

import { describe, expect, it } from "vitest";
import { combineSettings } from "../../../src/cli/cognito/combine-settings.ts";
import type { CognitoSettings } from "../../../src/cli/cognito/settings.ts";

const server = (scopes: CognitoSettings["servers"][number]["scopes"]) => ({
  identifier: "invoices",
  name: undefined,
  scopes,
});
const client = (...scopes: string[]) => ({ id: "web", scopes, knownBy: "id" as const });
const part = (changes: Partial<CognitoSettings>): CognitoSettings => ({
  servers: [],
  clients: [],
  userPoolId: undefined,
  ...changes,
});

describe("the settings of several documents", () => {
  it("are one, where the same parts stand in several", () => {
    const parts = [
      part({ servers: [server({ read: "" })], userPoolId: "eu-central-1_a" }),
      part({ servers: [server({ read: "" })], clients: [client("invoices/read")] }),
      part({ clients: [client("invoices/read")], userPoolId: "eu-central-1_a" }),
    ];
    expect(combineSettings(parts)).toEqual({
      ok: true,
      value: {
        servers: [server({ read: "" })],
        clients: [client("invoices/read")],
        userPoolId: "eu-central-1_a",
      },
    });
  });

  it.each([
    { name: "scopes of a client", parts: [part({ clients: [client("a/b")] }), part({ clients: [client("a/c")] })] },
    { name: "scopes of a client in one document", parts: [part({ clients: [client("a/b"), client()] })] },
    { name: "a resource server", parts: [part({ servers: [server({})] }), part({ servers: [server({ read: "" })] })] },
    { name: "the user pool", parts: [part({ userPoolId: "eu-central-1_a" }), part({ userPoolId: "eu-central-1_b" })] },
  ])("are refused where they disagree about $name", ({ parts }) => {
    expect(combineSettings(parts)).toEqual({ ok: false, failure: [expect.stringMatching(/\.$/)] });
  });
});

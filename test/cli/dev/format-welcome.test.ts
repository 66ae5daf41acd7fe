import { describe, expect, it } from "vitest";
import { formatStandIns, formatWelcome } from "../../../src/cli/dev/format-welcome.ts";
import { LOCAL_TOKEN_URL } from "../../../src/local/addresses.ts";
import { NO_REAL_ADDRESSES } from "../../../src/local/plan/stack-source.ts";
import { planFor } from "../../../src/local/stack-workers.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";

const GATEWAY = "http://127.0.0.1:8787";
const urls = { gateway: GATEWAY, issuer: "http://127.0.0.1:8788", products: "http://127.0.0.1:8789" };
const variable = (name: string) => `\${${name}}`;

const CONFIG = exampleFile({
  issuers: {
    main: { issuer: variable("ISSUER_URL"), profile: "cognito" },
    partner: { issuer: "https://partner.example/", profile: "generic", audiences: ["api"] },
  },
  clients: {},
  upstreams: {
    products: { url: variable("PRODUCTS_URL") },
    orders: { url: "https://orders.example/v1" },
    ledger: { service: "LEDGER" },
    real: { url: "https://unused.example" },
  },
});
const real = { issuers: { partner: "https://real.example/" }, upstreams: { real: "http://127.0.0.1:3000" } };
const plan = planFor({ source: { config: CONFIG, vars: {} }, real }, urls);
const stack = { urls, plan, tokenUrl: LOCAL_TOKEN_URL };
const none = { token: undefined, calls: [] };

describe("formatStandIns", () => {
  it("says of each issuer, upstream and variable what is there locally", () => {
    expect(formatStandIns(stack)).toEqual([
      "  issuer    main          http://127.0.0.1:8788/main: the local issuer signs its tokens",
      "  issuer    partner       https://real.example/: the real issuer",
      "  upstream  products      http://127.0.0.1:8789: the example's products service answers",
      "  upstream  orders        https://orders.example/v1: while nothing listens there, the example's orders service answers",
      "  upstream  ledger        service binding LEDGER: an echo shows each request",
      "  upstream  real          http://127.0.0.1:3000: the real service",
      "  variable  ISSUER_URL    not set in [vars] or .dev.vars, or a placeholder; here it is http://127.0.0.1:8788/main",
      "  variable  PRODUCTS_URL  not set in [vars] or .dev.vars, or a placeholder; here it is http://127.0.0.1:8789",
      "",
    ]);
  });

  it("shows variables in place of the values of .dev.vars", () => {
    const hidden = "http://127.0.0.1:1/hidden";
    const vars = { ISSUER_URL: hidden, PRODUCTS_URL: hidden, UNSET: undefined };
    const source = { config: CONFIG, vars, secret: new Set(["ISSUER_URL", "PRODUCTS_URL"]) };
    const lines = formatStandIns({ plan: planFor({ source, real }, urls), urls });
    expect(lines.join("\n")).not.toContain("hidden");
    expect(lines).toEqual([
      `  issuer    main          ${variable("ISSUER_URL")}: the local issuer signs its tokens`,
      "  issuer    partner       https://real.example/: the real issuer",
      `  upstream  products      ${variable("PRODUCTS_URL")}: while nothing listens there, the example's products service answers`,
      "  upstream  orders        https://orders.example/v1: while nothing listens there, the example's orders service answers",
      "  upstream  ledger        service binding LEDGER: an echo shows each request",
      "  upstream  real          http://127.0.0.1:3000: the real service",
      "  variable  ISSUER_URL    from .dev.vars or .env",
      "  variable  PRODUCTS_URL  from .dev.vars or .env",
      "",
    ]);
  });

  it("tells secrets from variables, because none belongs under [vars]", () => {
    const config = exampleFile({
      issuers: { main: { issuer: variable("ISSUER_URL"), profile: "cognito", binding: { dpop: "accepted" } } },
      clients: {},
      upstreams: {
        products: { url: "https://products.example", headers: { "x-set": { secret: "SET" } } },
        orders: { url: "https://orders.example", headers: { "x-key": { secret: "KEY" } }, assertion: true },
      },
      assertion: { issuer: "https://api.example", trustDomain: "in.example", keys: { secret: "KEYS" } },
      dpop: { nonce: { secret: "NONCES" } },
    });
    const source = { config, vars: { SET: "set" }, secret: new Set(["SET"]) };
    const lines = formatStandIns({ plan: planFor({ source, real: NO_REAL_ADDRESSES }, urls), urls });
    expect(lines.filter((line) => /^ {2}(?:secret|variable) /.test(line))).toEqual([
      "  secret    SET         from .dev.vars or .env",
      "  variable  ISSUER_URL  not set in [vars] or .dev.vars, or a placeholder; here it is http://127.0.0.1:8788/local_pool",
      "  secret    KEYS        not set in .dev.vars; here it is a new key for assertions",
      "  secret    NONCES      not set in .dev.vars; here it is local-NONCES--------------------",
      "  secret    KEY         not set in .dev.vars; here it is local-KEY",
    ]);
  });

  it("says nothing of a policy with faults", () => {
    const faulty = planFor({ source: { config: {}, vars: {} }, real: { issuers: {}, upstreams: {} } }, urls);
    expect(formatStandIns({ plan: faulty, urls })).toEqual([]);
  });
});

describe("formatWelcome", () => {
  const call = { method: "POST", path: "/orders", host: "api.example", hasToken: true, outcome: "403 no" };
  const token = { client: "a'b $(c)", scopes: "read:orders write:orders", issuer: "main" };

  it.each([
    {
      shell: "posix" as const,
      expected: [
        "  TOKEN=$(npm run --silent token -- --client 'a'\\''b $(c)' --issuer main --scope 'read:orders write:orders')",
        `  curl -i -X POST -H "Host: api.example" -H "Authorization: Bearer $TOKEN" ${GATEWAY}/orders   # 403 no`,
      ],
    },
    {
      shell: "powershell" as const,
      expected: [
        "  $TOKEN = npm.cmd run --silent token -- --client 'a''b $(c)' --issuer main --scope 'read:orders write:orders'",
        `  curl.exe -i -X POST -H "Host: api.example" -H "Authorization: Bearer $TOKEN" ${GATEWAY}/orders   # 403 no`,
      ],
    },
  ])("has commands for $shell in which no name does anything", ({ shell, expected }) => {
    const lines = formatWelcome(stack, "routes.json", { token, calls: [call] }, shell);
    expect(lines.filter((line) => /TOKEN/.test(line))).toEqual(expected);
    expect(lines).toContain('A token for the client "a\'b $(c)", and calls to try:');
  });

  it.each([
    { method: "$(ID)", expected: "-X '$(ID)'" },
    { method: "`ID`", expected: "-X '`ID`'" },
    { method: "A|B", expected: "-X 'A|B'" },
    { method: "A'B", expected: "-X 'A'\\''B'" },
    { method: "VERSION-CONTROL", expected: "-X VERSION-CONTROL" },
  ])("quotes the method $method if a shell would read more in it", ({ method, expected }) => {
    const lines = formatWelcome(stack, "routes.json", { token: undefined, calls: [{ ...call, method }] }, "posix");
    expect(lines.find((line) => line.includes("curl"))).toContain(` ${expected} `);
  });

  it.each([
    {
      shell: "posix" as const,
      expected:
        "  curl -i -H 'content-type: application/json' -H 'mcp-method: tools/call' " +
        "-H 'mcp-name: =?base64?ZMOpbCc=?=' -H 'mcp-protocol-version: 2025-11-25' " +
        `-d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"d\\u00e9l'\\''"}}' ${GATEWAY}/mcp   # 403 no`,
    },
    {
      shell: "powershell" as const,
      expected:
        `  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"d\\u00e9l''"}}' | curl.exe -i ` +
        "-H 'content-type: application/json' -H 'mcp-method: tools/call' -H 'mcp-name: =?base64?ZMOpbCc=?=' " +
        "-H 'mcp-protocol-version: 2025-11-25' --data-binary '@-' " +
        `${GATEWAY}/mcp   # 403 no`,
    },
  ])("has the message in the command for $shell", ({ shell, expected }) => {
    const message = { method: "tools/call", names: ["dél'"], revision: "2025-11-25" } as const;
    const asked = { method: "POST", path: "/mcp", message, host: undefined, hasToken: false, outcome: "403 no" };
    const lines = formatWelcome(stack, "routes.json", { token: undefined, calls: [asked] }, shell);
    expect(lines.filter((line) => line.includes("curl"))).toEqual([expected]);
  });

  it("quotes what PowerShell alone reads in another way", () => {
    const example = { token: { client: "@a,b", scopes: undefined, issuer: undefined }, calls: [call] };
    expect(formatWelcome(stack, "routes.json", example, "powershell").join("\n")).toContain("--client '@a,b'");
  });

  it("names another policy and another token endpoint in the command", () => {
    const other = { ...stack, tokenUrl: "http://127.0.0.1:1/oauth2/token" };
    const example = { token: { client: "app", scopes: undefined, issuer: undefined }, calls: [call] };
    const lines = formatWelcome(other, "own/routes.json", example, "posix");
    expect(lines).toContain(
      "  TOKEN=$(npm run --silent token -- --client app --policy own/routes.json --token-url http://127.0.0.1:1/oauth2/token)",
    );
  });

  it.each([
    { name: "names the console if it runs", consoleUrl: "http://127.0.0.1:8791", expected: 1 },
    { name: "says nothing of a console that does not run", consoleUrl: undefined, expected: 0 },
  ])("$name", ({ consoleUrl, expected }) => {
    const lines = formatWelcome({ ...stack, consoleUrl }, "routes.json", none, "posix");
    expect(lines.filter((line) => line.includes("console"))).toHaveLength(expected);
    expect(lines.filter((line) => line.includes("http://127.0.0.1:8791"))).toHaveLength(expected);
  });

  it("has no calls where there is none to try", () => {
    expect(formatWelcome(stack, "routes.json", none, "posix").join("\n")).not.toContain("to try");
  });
});

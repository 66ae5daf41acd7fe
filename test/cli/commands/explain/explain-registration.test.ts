import { describe, expect, it } from "vitest";
import { createExplainWorld } from "../../../support/cli/explain-world.ts";
import { exampleFile, scopegate } from "../../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";

const { scratch, tokenFile } = await createExplainWorld();

describe("what a client is not registered for", () => {
  const cognito = exampleFile().issuers.cognito;
  const short = { ...cognito, profile: "generic", audiences: ["https://orders.example"] };
  const write = `\`customer\` is not registered for ${API}/write:orders.`;
  const withheld = `Note: ${write} Its registration withholds it: the issuer \`cognito\` has \`registeredClientsOnly\` on.`;
  const accepted = `Note: ${write} The gateway accepts it anyway: the issuer \`cognito\` has \`registeredClientsOnly\` off.`;
  const never = "Hint: No token of `customer` would be let in: its registration does not have the scopes (`clients`).";
  const another =
    "Hint: A token of `customer` that has the scopes would be let in, although its registration does not: " +
    "the issuer `cognito` has `registeredClientsOnly` off.";

  it.each([
    {
      name: "is withheld from an assumed token where registrations are enforced",
      issuer: { ...cognito, registeredClientsOnly: true },
      args: ["--client", "customer", "--scope", "write:orders"],
      says: [withheld, never],
      isRefused: true,
    },
    {
      name: "is accepted where they are not, and the output says so",
      issuer: cognito,
      args: ["--client", "customer", "--scope", "write:orders"],
      says: [accepted],
      isRefused: false,
    },
    {
      name: "is no part of an assumed token without --scope, and no other token would have it",
      issuer: { ...cognito, registeredClientsOnly: true },
      args: ["--client", "customer"],
      says: [never],
      isRefused: true,
    },
    {
      name: "is no part of an assumed token without --scope, but another token may have it",
      issuer: cognito,
      args: ["--client", "customer"],
      says: [another],
      isRefused: true,
    },
    {
      name: "is withheld from a token",
      issuer: { ...cognito, registeredClientsOnly: true },
      claims: { scope: `${API}/read:orders ${API}/write:orders` },
      says: [withheld, never],
      isRefused: true,
    },
    {
      name: "is withheld from a token with short names",
      issuer: { ...short, registeredClientsOnly: true },
      claims: { scope: "write:orders", aud: "https://orders.example" },
      says: [withheld, never],
      isRefused: true,
    },
    {
      name: "is accepted in a token, and the output says so",
      issuer: cognito,
      claims: { scope: `${API}/write:orders` },
      says: [accepted],
      isRefused: false,
    },
    {
      name: "does not matter to a client that is not registered at all",
      issuer: cognito,
      claims: { scope: "", client_id: "stranger" },
      says: [],
      isRefused: true,
    },
    {
      name: "does not matter where the registration would be enough",
      issuer: { ...cognito, registeredClientsOnly: true },
      claims: { scope: "", client_id: "admin" },
      says: [],
      isRefused: true,
    },
  ])("$name", async ({ issuer, args, claims, says, isRefused }) => {
    const file = scratch.write("registered.json", exampleFile({ issuers: { cognito: issuer } }));
    const token = claims && ["--token-file", await tokenFile("registered", { client_id: "customer", ...claims })];
    const { exitCode, stdout } = await scopegate(
      "explain",
      "POST",
      "/orders",
      "--policy",
      file,
      ...(token ?? args ?? []),
    );
    expect(stdout.split("\n").filter((line) => /^(?:Note|Hint):/.test(line))).toEqual(says);
    expect(exitCode).toBe(isRefused ? 1 : 0);
  });
});

describe("an assumed token of an issuer that takes some clients only", () => {
  const cognito = exampleFile().issuers.cognito;
  const any = { ...cognito, issuer: "https://other.example" };
  const admitted = "Forwarded to orders.";
  const refused = "Refused: 401 client-mismatch.";
  const hint = "name the client that calls (`--client`, or `client` in a table)";
  const customer = ["--client", "customer"];
  const scope = ["--scope", "read:orders"];

  it.each([
    {
      name: "is taken if it is of one in `audiences`",
      issuers: { cognito: { ...cognito, audiences: ["customer"] } },
      args: customer,
      says: [admitted],
    },
    {
      name: "is refused if it is of another",
      issuers: { cognito: { ...cognito, audiences: ["admin"] } },
      args: customer,
      says: [refused, "its `client_id` is not in `audiences`"],
    },
    {
      name: "is refused if nobody says whose it is, where there are `audiences`",
      issuers: { cognito: { ...cognito, audiences: ["admin"] } },
      args: scope,
      says: [refused, hint],
    },
    {
      name: "is taken if it is of a registered one",
      issuers: { cognito: { ...cognito, registeredClientsOnly: true } },
      args: customer,
      says: [admitted],
    },
    {
      name: "is refused if nobody says whose it is, where clients must be registered",
      issuers: { cognito: { ...cognito, registeredClientsOnly: true } },
      args: scope,
      says: [refused, "The client is not registered.", hint],
    },
    {
      name: "is of a client that the audiences name, where only its issuer is named",
      issuers: { cognito: { ...cognito, audiences: ["admin"] }, any },
      args: [...scope, "--issuer", "cognito"],
      says: [admitted, "The token is assumed to be of the client `admin`: the issuer's `audiences` name it."],
    },
    {
      name: "is refused with its issuer too, where clients must be registered",
      issuers: { cognito: { ...cognito, audiences: ["admin"], registeredClientsOnly: true } },
      args: [...scope, "--issuer", "cognito"],
      says: [refused, hint],
    },
    {
      name: "is taken for that of the first issuer that takes it, where it is of no registered one",
      issuers: { cognito: { ...cognito, audiences: ["admin"] }, any },
      args: scope,
      says: [admitted, "The token is assumed to come from `any`."],
    },
    {
      name: "is taken for that of the issuer that registers the client",
      issuers: { cognito, any },
      args: customer,
      says: [admitted, "The token is assumed to come from `any`.", "x-auth-client-id: customer-7"],
    },
    {
      name: "is refused if the client's own issuer refuses it, although another would not",
      issuers: { cognito, any: { ...any, audiences: ["admin"] } },
      args: customer,
      says: [refused, "The token is assumed to come from `any`."],
    },
    {
      name: "is taken with an audience of its issuer, where audiences are no clients",
      issuers: { main: { ...cognito, profile: "rfc9068", audiences: ["https://api.example", "b"] } },
      args: customer,
      says: [admitted, "x-auth-subject: (sub of the token)", "x-auth-client-id: customer"],
    },
    {
      name: "is taken without a client, where any is",
      issuers: { main: { ...cognito, profile: "rfc9068", audiences: ["https://api.example"] } },
      args: scope,
      says: [admitted, "x-auth-client-id: (the client of the token)"],
    },
    {
      name: "is taken from any other issuer too",
      issuers: { main: { ...cognito, profile: "generic", audiences: ["https://api.example"] } },
      args: scope,
      says: [admitted],
    },
  ])("$name", async ({ issuers, args, says }) => {
    const isShared = Object.hasOwn(issuers, "any");
    const clients = { customer: { id: "customer-7", issuer: "any", scopes: ["read:orders"] } };
    const file = scratch.write("issuers.json", exampleFile({ issuers, ...(isShared && { clients }) }));
    const { exitCode, stdout } = await scopegate("explain", "GET", "/orders", "--policy", file, ...args);
    for (const said of says) expect(stdout).toContain(said);
    expect(exitCode).toBe(says.includes(admitted) ? 0 : 1);
  });
});

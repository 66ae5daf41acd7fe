import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../support/cli/run-scopegate.ts";
import { decisionLine } from "../support/decisions/decision-lines.ts";

const scratch = scratchDirectory();
const ISSUER = "https://issuer.example/pool";
const issuers = { cognito: { ...exampleFile().issuers.cognito, registeredClientsOnly: true } };
const guarantees = [{ name: "no shop", under: ["/orders"], never: true, clients: ["4kq7l2"] }];
const web = { name: "Web <b>shop</b>", scopes: ["read:orders"] };
const fileWith = (clients: Readonly<Record<string, unknown>>, members = {}) =>
  exampleFile({ issuers, clients, ...members });
const clients = { "4kq7l2": web, batch: { scopes: ["read:products"] } };
const policy = scratch.write("policy.json", fileWith(clients, { guarantees: [] }));
const broken = scratch.write("broken.json", fileWith(clients, { guarantees }));
const before = scratch.write("before.json", fileWith({ ...clients, "4kq7l2": { ...web, name: "Shop", scopes: [] } }));
const gone = scratch.write("gone.json", fileWith({ batch: clients.batch }));
const logOf = (client: string) =>
  scratch.write(
    `${client}.log`,
    `${JSON.stringify(decisionLine({ route: "/orders", issuer: ISSUER, client_id: client, granted: [] }))}\n`,
  );
const log = logOf("4kq7l2");
const TITLED = "4kq7l2 (Web <b>shop</b>)";
const QUOTED = "`4kq7l2` (Web <b>shop</b>)";

describe("what people call a client stands behind its key", () => {
  it.each([
    {
      name: "explain, of the caller",
      args: ["explain", "GET", "/orders", "--client", "4kq7l2", "--policy", policy],
      expected: `asked by the client ${QUOTED} with `,
    },
    {
      name: "explain, of clients that have the scopes",
      args: ["explain", "GET", "/orders", "--policy", policy],
      expected: `(available to ${TITLED})`,
    },
    {
      name: "explain, of a registration that is too small",
      args: ["explain", "POST", "/orders", "--client", "4kq7l2", "--scope", "write:orders", "--policy", policy],
      expected: `Note: ${QUOTED} is not registered for `,
    },
    { name: "prove", args: ["prove", "--policy", broken], expected: `by client ${TITLED}, with read:orders` },
    { name: "check", args: ["check", "--policy", broken], expected: `${QUOTED} with ` },
    { name: "diff", args: ["diff", before, policy], expected: `\nClient ${TITLED}\n` },
    { name: "diff, of a client that is gone", args: ["diff", policy, gone], expected: `\nClient ${TITLED}\n` },
    {
      name: "diff, in Markdown",
      args: ["diff", before, policy, "--markdown"],
      expected: `| \`${TITLED}\` | can now |`,
    },
    {
      name: "advise",
      args: ["advise", "--log", log, "--policy", policy],
      expected: `Client ${TITLED} (issuer cognito): `,
    },
    {
      name: "advise, of a client that never called",
      args: ["advise", "--log", logOf("batch"), "--policy", policy],
      expected: `Not in the log: ${TITLED}. `,
    },
  ])("$name", async ({ args, expected }) => {
    expect((await scopegate(...args)).stdout).toContain(expected);
  });

  it.each([
    { name: "explain", args: ["explain", "GET", "/orders", "--policy", policy] },
    { name: "diff", args: ["diff", before, policy] },
    { name: "advise", args: ["advise", "--log", log, "--policy", policy] },
  ])("and not in the JSON of $name, which has keys", async ({ args }) => {
    const { stdout } = await scopegate(...args, "--json");
    expect(stdout).toContain('"4kq7l2"');
    expect(stdout).not.toContain("<b>");
  });
});

it("diff says nothing of a name that changes", async () => {
  const renamed = scratch.write("renamed.json", fileWith({ ...clients, "4kq7l2": { ...web, name: "Other" } }));
  const { exitCode, stdout } = await scopegate("diff", policy, renamed);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("nothing changes")]);
});

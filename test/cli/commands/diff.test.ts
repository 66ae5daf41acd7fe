import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const routes = exampleFile().routes;
const replacing = (path: string, method: string, members: Record<string, unknown>) =>
  exampleFile({
    routes: routes.map((route) => {
      if (route.path !== path || !route.methods.includes(method)) return route;
      const { scopes: _, ...rest } = { scopes: undefined, ...route };
      return { ...rest, ...members };
    }),
  });

const old = scratch.write("old.json", exampleFile());
const reordered = scratch.write("reordered.json", JSON.stringify(exampleFile({ routes: routes.toReversed() })));
const looser = scratch.write(
  "looser.json",
  replacing("/orders", "POST", { scopes: ["write:orders", "write:products"] }),
);
const opened = scratch.write("opened.json", replacing("/orders", "GET", { public: true }));
const tighter = scratch.write(
  "tighter.json",
  replacing("/orders", "GET", { scopes: { allOf: ["read:orders", "read:products"] } }),
);
const MORE = { ...exampleFile().clients, customer: { scopes: ["write:orders"] } };
const more = scratch.write("more.json", exampleFile({ clients: MORE }));

test("a file that is only written differently has no changes", async () => {
  const { exitCode, stdout } = await scopegate("diff", old, reordered, "--fail-on", "any");
  expect([exitCode, stdout]).toEqual([0, `${old} -> ${reordered}: nothing changes.\n`]);
});

test("a change is shown by what it means, with a request that shows it", async () => {
  const { exitCode, stdout } = await scopegate("diff", old, looser);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("looser        POST /orders: write:orders -> write:orders or write:products");
  expect(stdout).toContain("POST /orders is now permitted with write:products");
  expect(stdout).toContain("1 change: 1 looser");
});

test("what a client gains and loses is listed", async () => {
  const restricted = { issuers: { cognito: { ...exampleFile().issuers.cognito, registeredClientsOnly: true } } };
  const [before, after] = [
    scratch.write("restricted-old.json", exampleFile(restricted)),
    scratch.write("restricted-more.json", exampleFile({ ...restricted, clients: MORE })),
  ];
  const { stdout } = await scopegate("diff", before, after);
  expect(stdout).toMatch(/Client customer\n {2}can now {8}POST \/orders, such as POST \/orders\n/);
  expect(stdout).toMatch(/can no longer {2}GET,HEAD \/products, such as GET \/products\n/);
  expect(stdout).toContain(
    "looser        $.clients.customer: It may now be granted https://api.myecommerce.com/write:orders.",
  );
  expect(stdout).not.toContain("Note:");
});

describe("what only a registration closes, and the gateway does not enforce, is never told as closed", () => {
  const gone = scratch.write(
    "gone.json",
    exampleFile({ clients: { admin: exampleFile().clients.admin, web: { scopes: [] } } }),
  );
  const less = scratch.write(
    "less.json",
    exampleFile({ clients: { ...exampleFile().clients, customer: { scopes: [] } } }),
  );
  const note =
    "The part about clients assumes that no client has a token with scopes beyond its registration. The gateway does not " +
    "enforce that where `registeredClientsOnly` is off, as for `cognito`. A client can still make calls that only its " +
    "registration refuses.";

  test.each([
    { name: "a client that is gone", file: gone },
    { name: "a client with fewer scopes", file: less },
  ])("of $name", async ({ file }) => {
    const text = await scopegate("diff", old, file, "--fail-on", "tighter");
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toContain("Client customer\n  can still      GET,HEAD /products, such as GET /products\n");
    expect(text.stdout).toContain("`registeredClientsOnly` is off for the issuer `cognito`.");
    expect(text.stdout).toContain(`\nNote: ${note}\n`);
    const markdown = await scopegate("diff", old, file, "--markdown");
    expect(markdown.stdout).toContain("| `customer` | can still | `GET,HEAD /products` |");
    expect(markdown.stdout).toContain(`\n\n${note.replaceAll("`", "\\`")}\n`);
    const json = await scopegate("diff", old, file, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      clients: [{ client: "customer", gained: [], lost: [], unenforced: [{ path: "/products" }, {}, {}, {}] }],
      assumption: note,
    });
    for (const { stdout } of [text, markdown, json]) {
      expect(stdout).not.toMatch(/can no longer|"?\b(?:removed|tighter)\b"?/);
    }
  });

  test("but where it is enforced, it is", async () => {
    const issuers = { cognito: { ...exampleFile().issuers.cognito, registeredClientsOnly: true } };
    const [before, after] = [
      scratch.write("all.json", exampleFile({ issuers })),
      scratch.write("fewer.json", exampleFile({ issuers, clients: { admin: exampleFile().clients.admin } })),
    ];
    const { exitCode, stdout } = await scopegate("diff", before, after, "--fail-on", "tighter");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("removed       $.clients.customer: The client is no longer registered.\n");
    expect(stdout).toContain("  can no longer  GET,HEAD /products, such as GET /products\n");
  });
});

test("path parameters that are let in are told for clients, too, with a request that shows it", async () => {
  const { upstreams } = exampleFile();
  const allowed = scratch.write(
    "parameters.json",
    exampleFile({ upstreams: { ...upstreams, orders: { ...upstreams.orders, allowPathParameters: true } } }),
  );
  const { stdout } = await scopegate("diff", old, allowed);
  expect(stdout).toContain("  can now        POST /orders, with path parameters, such as POST /orders;v=1\n");
  const ask = async (policy: string) =>
    (await scopegate("explain", "POST", "/orders;v=1", "--client", "admin", "--policy", policy)).exitCode;
  expect([await ask(old), await ask(allowed)]).toEqual([1, 0]);
  expect((await scopegate("diff", allowed, old)).stdout).toContain(
    "  can no longer  POST /orders, with path parameters, such as POST /orders;v=1\n",
  );
});

describe("--fail-on looser fails on each way to gain trust", () => {
  const strict = { cognito: { ...exampleFile().issuers.cognito, registeredClientsOnly: true } };
  const { clients, upstreams } = exampleFile();
  const guarantees = [{ under: ["/orders"], upstream: "orders" }];
  const products = { ...upstreams, products: { ...upstreams.products } };
  const cors = { origins: ["https://foreign.example"], credentials: true };
  test.each([
    {
      name: "a new registration",
      before: { issuers: strict },
      after: { issuers: strict, clients: { ...clients, web: { scopes: [] } } },
    },
    {
      name: "keys that live for a year",
      before: {},
      after: { issuers: { cognito: { ...exampleFile().issuers.cognito, keys: { maxStaleSeconds: 31_536_000 } } } },
    },
    { name: "a subject from another claim", before: {}, after: { claimHeaders: { "x-auth-subject": "username" } } },
    {
      name: "a foreign upstream",
      before: {},
      after: { upstreams: { ...products, products: { url: "https://foreign.example" } } },
    },
    {
      name: "a forwarded token",
      before: {},
      after: { upstreams: { ...products, orders: { ...upstreams.orders, forwardAuthorization: true } } },
    },
    {
      name: "path parameters",
      before: {},
      after: { upstreams: { ...products, orders: { ...upstreams.orders, allowPathParameters: true } } },
    },
    { name: "a guarantee that is gone", before: { guarantees }, after: { guarantees: [] } },
    { name: "a foreign origin with credentials", before: {}, after: { cors } },
    { name: "a foreign publicUrl", before: {}, after: { publicUrl: "https://foreign.example" } },
  ])("$name", async ({ before, after }) => {
    const [one, other] = [
      scratch.write("one.json", exampleFile(before)),
      scratch.write("other.json", exampleFile(after)),
    ];
    expect((await scopegate("diff", one, other, "--fail-on", "looser")).exitCode).toBe(1);
    expect((await scopegate("diff", one, one, "--fail-on", "any")).exitCode).toBe(0);
  });
});

describe("--fail-on decides the exit code", () => {
  test.each([
    { file: looser, failOn: "looser", expected: 1 },
    { file: looser, failOn: "opened", expected: 0 },
    { file: looser, failOn: "tighter", expected: 0 },
    { file: looser, failOn: "any", expected: 1 },
    { file: opened, failOn: "opened", expected: 1 },
    { file: opened, failOn: "looser", expected: 1 },
    { file: tighter, failOn: "looser", expected: 0 },
    { file: tighter, failOn: "tighter", expected: 1 },
    { file: more, failOn: "looser", expected: 1 },
    { file: reordered, failOn: "any", expected: 0 },
  ])("$failOn: $expected", async ({ file, failOn, expected }) => {
    expect((await scopegate("diff", old, file, "--fail-on", failOn)).exitCode).toBe(expected);
  });
});

test("as JSON, changes are data", async () => {
  const { stdout } = await scopegate("diff", old, looser, "--json");
  expect(JSON.parse(stdout)).toEqual({
    old,
    new: looser,
    routes: [
      {
        kind: "looser",
        methods: ["POST"],
        path: "/orders",
        before: { path: "/orders", requirement: "write:orders", upstream: "orders" },
        after: { path: "/orders", requirement: "write:orders or write:products", upstream: "orders" },
        example: { method: "POST", path: "/orders" },
        gained: ["write:products"],
      },
    ],
    settings: [],
    clients: [],
  });
});

test("as Markdown, nothing of a policy breaks out of its code span", async () => {
  const clients = { "a|`<img src=x>`@team": { scopes: [] } };
  const odd = scratch.write("odd.json", exampleFile({ clients }));
  const { stdout } = await scopegate("diff", old, odd, "--markdown");
  const added = stdout.split("\n").find((line) => line.includes("@team"));
  expect(added).toBe(
    '| added | ``` $.clients["a\\|`<img src=x>`@team"] ``` | `The client is now registered.` |'.replaceAll("```", "``"),
  );
});

test("both policies may be those of commits", async () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
      cwd: scratch.path,
      stdio: "pipe",
    });
  git("init", "-q");
  scratch.write("routes.json", exampleFile());
  git("add", "routes.json");
  git("commit", "-qm", "first");
  scratch.write("routes.json", replacing("/orders", "GET", { public: true }));
  const cwd = process.cwd();
  process.chdir(scratch.path);
  try {
    const { exitCode, stdout } = await scopegate("diff", "git:HEAD", "--fail-on", "opened");
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining("opened        GET,HEAD /orders: read:orders -> public"),
    ]);
    expect((await scopegate("diff", "git:nowhere")).exitCode).toBe(2);
  } finally {
    process.chdir(cwd);
  }
});

describe("usage errors are exit code 2", () => {
  test.each([
    { name: "no policy", args: [] },
    { name: "another value of --fail-on", args: [old, looser, "--fail-on", "worse"] },
    { name: "two formats", args: [old, looser, "--json", "--markdown"] },
    { name: "a file that is not there", args: [old, "/nowhere.json"] },
  ])("$name", async ({ args }) => {
    const { exitCode, stdout, stderr } = await scopegate("diff", ...args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/\S/);
  });
});

import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { needing, petDocument, realDocument } from "../openapi/documents.ts";

const scratch = scratchDirectory();
/** One resource server and one upstream of its own for what is imported, beside the running example. */
const file = exampleFile({
  upstreams: { ...exampleFile().upstreams, imported: { url: "https://imported.example" } },
});
let policy = "";
beforeEach(() => {
  policy = scratch.write("policy.json", file);
});
const importing = (document: string, ...args: string[]) =>
  scopegate("import", "openapi", document, "--policy", policy, "--upstream", "imported", ...args);
const drifting = (document: string, ...args: string[]) =>
  scopegate("drift", "openapi", document, "--policy", policy, "--upstream", "imported", ...args);

describe("real documents", () => {
  test.each([
    { path: "3.0/json/petstore.json", operations: 20, scopes: ["write:pets", "read:pets"] },
    { path: "3.0/json/petstore-expanded.json", operations: 4, scopes: [] },
    { path: "3.0/json/security.json", operations: 15, scopes: ["write:things"] },
    { path: "3.0/json/security-multiple.json", operations: 4, scopes: ["write:things"] },
    { path: "3.0/json/star-trek.json", operations: 120, scopes: [] },
    { path: "3.0/json/uspto.json", operations: 3, scopes: [] },
    { path: "3.1/json/petstore.json", operations: 20, scopes: ["write:pets", "read:pets"] },
    { path: "3.1/json/train-travel.json", operations: 7, scopes: ["read", "write"] },
    { path: "3.1/json/security.json", operations: 15, scopes: ["write:things"] },
  ])(
    "$path is imported, and then nothing is left to import and nothing differs",
    async ({ path, operations, scopes }) => {
      const document = realDocument(path);
      const first = await importing(document, "--write", "--json");
      const { routes, scopes: declared, skipped, policy: after } = JSON.parse(first.stdout);
      expect([first.exitCode, skipped]).toEqual([0, []]);
      expect(declared.map(({ shortName }: { shortName: string }) => shortName)).toEqual(scopes);
      expect(routes.flatMap(({ methods }: { methods: string[] }) => methods)).toHaveLength(operations);
      // The new routes come after the old, which are as they were.
      expect(after.routes).toEqual([...file.routes, ...routes]);
      expect(JSON.parse(readFileSync(policy, "utf8"))).toEqual(after);

      const second = await importing(document, "--json");
      expect(JSON.parse(second.stdout)).toMatchObject({ routes: [], scopes: [] });
      expect((await drifting(document)).exitCode).toBe(0);
      expect((await scopegate("prove", "--policy", policy)).exitCode).toBe(0);
    },
  );
});

describe("import", () => {
  const document = () =>
    scratch.write(
      "pets.json",
      petDocument({ "/pets/{id}": { get: needing("read:pets"), put: needing("write:pets") } }),
    );

  test("prints the policy unless it is to be written, and leaves what is there as it is, to the letter", async () => {
    const before = readFileSync(policy, "utf8");
    const { exitCode, stdout } = await importing(document());
    expect([exitCode, readFileSync(policy, "utf8")]).toEqual([0, before]);
    const lines = new Set(stdout.split("\n"));
    // Of the lines that were last in their list, only the comma is new.
    expect(before.split("\n").filter((line) => !lines.has(line) && !lines.has(`${line},`))).toEqual([]);
  });

  test("says what it added", async () => {
    const { stdout, stderr } = await importing(document(), "--write");
    expect([stdout, stderr]).toEqual([
      `${policy}: 2 routes and 2 scopes added; 0 operations already had a route.\n`,
      "",
    ]);
  });

  test("says what it takes from routes that are there", async () => {
    policy = scratch.write(
      "wide.json",
      exampleFile({ ...file, routes: [{ path: "/pets/*", methods: ["*"], public: true, upstream: "imported" }] }),
    );
    const { stderr } = await importing(document());
    expect(stderr).toContain(
      "Changes existing requests: GET,HEAD,PUT /pets/:id is tighter (public -> read:pets); GET /pets/x was served by /pets/*.".replace(
        "GET,HEAD,PUT",
        "GET,HEAD",
      ),
    );
    expect(stderr).toContain("is removed (public); DELETE /pets/x was served by /pets/*.".replace("DELETE", "POST"));
  });

  test("ends with 1 where an operation could not be imported", async () => {
    const odd = scratch.write("odd.json", petDocument({ "/pets//": { get: needing("read:pets") } }));
    const { exitCode, stderr } = await importing(odd, "--write");
    expect([exitCode, stderr]).toEqual([
      1,
      "Not imported: GET /pets//. The path contains an empty segment. The gateway refuses every request with such a path.\n",
    ]);
  });

  test("ends with 1 where an existing route asks for less than the document", async () => {
    policy = scratch.write(
      "weak.json",
      exampleFile({ ...file, routes: [{ path: "/pets/:id", methods: ["*"], public: true, upstream: "imported" }] }),
    );
    const { exitCode, stderr } = await importing(document());
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("The existing route * /pets/:id does not ask for")]);
  });

  test("reads path items of other files", async () => {
    scratch.write("item.json", { get: needing("read:pets") });
    const split = scratch.write("split.json", petDocument({ "/pets": { $ref: "item.json" } }));
    const { stdout } = await importing(split, "--json");
    expect(JSON.parse(stdout).routes).toEqual([
      { path: "/pets", methods: ["GET"], scopes: ["read:pets"], upstream: "imported" },
    ]);
  });

  test("reads YAML", async () => {
    const yaml = scratch.write(
      "pets.yaml",
      "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths:\n  /pets:\n    get: { security: [], responses: {} }\n",
    );
    expect(JSON.parse((await importing(yaml, "--json")).stdout).routes).toMatchObject([
      { path: "/pets", public: true },
    ]);
  });
});

describe("a policy that would have an error", () => {
  const document = () => scratch.write("pets.json", petDocument({ "/pets": { get: { security: [] } } }));
  test("is neither printed nor written", async () => {
    policy = scratch.write(
      "guarded.json",
      exampleFile({ ...file, guarantees: [{ publicOnly: ["/products/healthz"] }] }),
    );
    const before = readFileSync(policy, "utf8");
    for (const args of [["--write"], [], ["--json"]]) {
      const { exitCode, stdout, stderr } = await importing(document(), ...args);
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("The policy would have errors, so nothing was written:");
      expect(readFileSync(policy, "utf8")).toBe(before);
    }
  });
});

describe("the path of the document's servers", () => {
  const document = () =>
    scratch.write(
      "pets.json",
      petDocument({ "/pets": { get: needing("read:pets") } }, { servers: [{ url: "https://pets.example/v2" }] }),
    );
  test("is named in a remark", async () => {
    const { exitCode, stderr } = await importing(document(), "--write");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Add it with --prefix /v2;")]);
    expect((await drifting(document())).stderr).toContain("Add it with --prefix /v2;");
  });

  test("is in front of each path with --prefix servers, and then nothing differs", async () => {
    const { exitCode, stderr } = await importing(document(), "--prefix", "servers", "--write");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(policy, "utf8")).routes.at(-1)).toMatchObject({ path: "/v2/pets" });
    expect((await drifting(document(), "--prefix", "servers")).exitCode).toBe(0);
  });
});

describe("a policy with several resource servers", () => {
  const [A, B] = ["https://a.example", "https://b.example"];
  const document = () => scratch.write("pets.json", petDocument({ "/pets": { get: needing("read:pets") } }));
  const requiring = (scope: string) => ({
    resourceServers: { [A]: { scopes: { "read:pets": "" } }, [B]: { scopes: {} } },
    clients: { app: { scopes: [`${A}/read:pets`] } },
    routes: [{ path: "/a", methods: ["GET"], scopes: [scope], upstream: "orders" }],
  });

  test("gets a scope under the one that is named, and then nothing differs", async () => {
    policy = scratch.write("two.json", { ...file, ...requiring(`${A}/read:pets`) });
    const { exitCode, stderr } = await importing(document(), "--resource-server", B, "--write");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(policy, "utf8"))).toMatchObject({
      resourceServers: { [A]: { scopes: { "read:pets": "" } }, [B]: { scopes: { "read:pets": "Read pets" } } },
      routes: [{}, { path: "/pets", scopes: [`${B}/read:pets`] }],
    });
    expect((await drifting(document(), "--resource-server", B)).exitCode).toBe(0);
  });

  test("is not written if a short name that it requires would become ambiguous", async () => {
    policy = scratch.write("two.json", { ...file, ...requiring("read:pets") });
    const before = readFileSync(policy, "utf8");
    const { exitCode, stderr } = await importing(document(), "--resource-server", B, "--write");
    expect([exitCode, readFileSync(policy, "utf8")]).toEqual([2, before]);
    expect(stderr).toContain("$.routes[0].scopes[0]: 2 resource servers declare the scope `read:pets`.");
  });

  test("hears whose scope a short name was taken for where none is named", async () => {
    policy = scratch.write("two.json", { ...file, ...requiring(`${A}/read:pets`) });
    const { exitCode, stderr } = await importing(document());
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      `GET /pets requires \`read:pets\` of ${A}, the only one that declares it; name another with --resource-server.\n`,
    );
  });
});

describe("drift", () => {
  test("shows what no route serves, what no operation has and what differs, with exit code 1", async () => {
    const { exitCode, stdout } = await scopegate(
      "drift",
      "openapi",
      scratch.write(
        "orders.json",
        petDocument({
          "/orders": { get: needing("read:orders"), delete: needing("write:orders") },
          "/orders/{id}": {
            get: needing("read:orders", "write:orders"),
            put: needing("write:orders"),
            patch: needing("write:orders"),
          },
        }),
      ),
      "--policy",
      policy,
      "--upstream",
      "orders",
    );
    expect(exitCode).toBe(1);
    expect(stdout.replaceAll(policy, "policy.json").replace(/:\d+:\d+/g, "")).toBe(
      [
        "Pets, 5 operations",
        "No route serves\n  DELETE /orders",
        "No operation describes\n  POST /orders  policy.json\n  DELETE /orders/:id  policy.json",
        "Requirements differ\n  looser  GET /orders/{id}  policy.json\n    document: read:orders and write:orders\n    route:    read:orders\n",
      ].join("\n\n"),
    );
  });
});

describe("a part that is not understood refuses its operations by name, with exit code 1", () => {
  test.each([
    {
      name: "a part that is on the network",
      reference: "https://pets.example/a.json",
      expected: "https://pets.example/a.json is on the network. Download it and refer to the file.",
    },
    { name: "a part that is not there", reference: "missing.json", expected: "`missing.json` names no file." },
  ])("$name", async ({ reference, expected }) => {
    const document = scratch.write(
      "part.json",
      petDocument({ "/a": { $ref: reference }, "/b": { get: { $ref: reference }, put: needing("write:pets") } }),
    );
    const { exitCode, stdout, stderr } = await importing(document, "--json");
    const { routes, skipped } = JSON.parse(stdout);
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(routes).toEqual([{ path: "/b", methods: ["PUT"], scopes: ["write:pets"], upstream: "imported" }]);
    expect(skipped).toEqual([
      { method: "*", path: "/a", why: expect.stringContaining(expected) },
      { method: "GET", path: "/b", why: expect.stringContaining(expected) },
    ]);
    const drift = await drifting(document);
    expect([drift.exitCode, drift.stdout]).toEqual([1, expect.stringContaining(expected)]);
  });
});

describe("what cannot be read is exit code 2, for both", () => {
  test.each([
    { name: "a file that is not there", document: () => "/nowhere.yaml", expected: "There is no such file." },
    {
      name: "a newer or older version",
      document: () => realDocument("2.0/json/petstore.json"),
      expected: "it has version 2.0",
    },
    { name: "something else", document: () => scratch.write("else.json", { a: 1 }), expected: "it has no version" },
    {
      name: "no paths",
      document: () => scratch.write("none.json", petDocument({}, { paths: undefined })),
      expected: "has no paths",
    },
    { name: "what is neither JSON nor YAML", document: () => scratch.write("bad.yaml", "a: ["), expected: "bad.yaml" },
    {
      name: "security that is not a list",
      document: () => scratch.write("bad.json", petDocument({ "/a": { get: { security: {} } } })),
      expected: "security of get /a is not a list of objects",
    },
    {
      name: "scopes that are not strings",
      document: () => scratch.write("bad.json", petDocument({ "/a": {} }, { security: [{ pets: [1] }] })),
      expected: "security has scopes that are not",
    },
  ])("$name", async ({ document, expected }) => {
    for (const { exitCode, stdout, stderr } of [await importing(document()), await drifting(document())]) {
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(expected);
    }
  });

  test.each([
    { name: "a prefix that ends with a slash", args: ["--prefix", "/v1/"] },
    { name: "a prefix without a slash at first", args: ["--prefix", "v1"] },
    { name: "an upstream that is not there", args: ["--upstream", "none"] },
  ])("$name", async ({ args }) => {
    const document = scratch.write("pets.json", petDocument({ "/pets": { get: needing() } }));
    for (const command of ["import", "drift"]) {
      const { exitCode, stderr } = await scopegate(command, "openapi", document, "--policy", policy, ...args);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/\S/)]);
    }
  });
});

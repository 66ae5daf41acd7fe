import { expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const UPSTREAM = { upstream: "products" };

function fileWith(open: number): string {
  const routes = Array.from({ length: open }, (_, at) => ({
    path: `/open${at}`,
    methods: ["GET"],
    public: true,
    ...UPSTREAM,
  }));
  const guarantees = [{ publicOnly: [] }, { under: ["/open0"], never: true }];
  const closed = { path: "/closed", methods: ["GET"], authenticated: true, ...UPSTREAM };
  return scratch.write(`open-${open}.json`, exampleFile({ routes: [closed, ...routes], guarantees }));
}

/** `check` had an error of three lines for each of 9,416 routes that broke one guarantee. */
it.each([
  { open: 1, more: "" },
  { open: 2, more: " Calls on 1 more route break it, too." },
  { open: 500, more: " Calls on 499 more routes break it, too." },
])("a guarantee that $open routes break is one error", async ({ open, more }) => {
  const { exitCode, stdout } = await scopegate("check", "--json", "--policy", fileWith(open));
  const { findings } = JSON.parse(stdout);
  const broken = findings.filter(({ code }: { code: string }) => code === "broken-guarantee");
  const message = `It does not hold: anyone may call GET /open0 (routes[1]).`;
  expect([exitCode, broken.map((it: { message: string }) => it.message)]).toEqual([1, [message + more, message]]);
});

it("prove --json still has each route", async () => {
  const { stdout } = await scopegate("prove", "--json", "--policy", fileWith(500));
  expect(JSON.parse(stdout).guarantees[0].breaches).toHaveLength(500);
});

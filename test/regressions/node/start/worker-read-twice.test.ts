/**
 * A module made an error while it loaded. An error takes its stack at once, and for that V8 read the whole Worker a
 * second time, at every start: 6 ms of CPU time for 120 KiB.
 */
import { join } from "node:path";
import { expect, it } from "vitest";
import { bundleWorker } from "../../../../src/local/bundle.ts";
import { ROOT } from "../../../support/project/project-files.ts";

/** Notes the message of every error that is made from here on. */
const NOTES_ERRORS = `
const errors = [];
globalThis.Error = new Proxy(Error, {
  construct(target, args, made) {
    errors.push(String(args[0]));
    return Reflect.construct(target, args, made);
  },
});
`;

/** Stands in for the runtime's module. It has a value for each variable of the policy. */
const RUNTIME = `
export const env = {
  ISSUER_URL: "https://issuer.example",
  PRODUCTS_URL: "https://products.example",
  ORDERS_URL: "https://orders.example",
};
export class DurableObject {}
`;

/** The messages of all errors that a Worker makes while it starts. */
async function errorsOfStart(entry: string): Promise<unknown> {
  const runtime = `data:text/javascript,${encodeURIComponent(RUNTIME)}`;
  const script = await bundleWorker(join(ROOT, entry), { givenModules: { "cloudflare:workers": runtime } });
  const module = `${NOTES_ERRORS}${script}\nexport { errors };`;
  const original = globalThis.Error;
  try {
    const { errors } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`);
    return errors;
  } finally {
    globalThis.Error = original;
  }
}

it("the Worker with all features makes no error while it starts", async () => {
  expect(await errorsOfStart("src/index.ts")).toEqual([]);
});

import { describe, expect, it } from "vitest";
import { createFetcherOf } from "../../src/upstream/fetcher-of.ts";
import { serviceUpstream, urlUpstream } from "../support/policy/upstreams.ts";

const ORDERS = urlUpstream("orders", "https://o.example");
const ERP = urlUpstream("erp", "http://erp.internal", { via: "ERP" });
const STOCK = serviceUpstream("stock", "STOCK");
const TARGET = "https://gw.example/stock";

function answering(text: string): typeof fetch {
  return async () => new Response(text);
}

/** A service binding of the runtime: its method needs its object. */
class Service {
  readonly text = "bound";
  async fetch(): Promise<Response> {
    return new Response(this.text);
  }
}

describe("createFetcherOf", () => {
  it.each([
    { name: "sends requests for a URL by fetch", upstream: ORDERS, expected: "outside" },
    { name: "sends requests for a service by its binding", upstream: STOCK, expected: "bound" },
    { name: "sends requests for a URL through its binding", upstream: ERP, expected: "bound" },
  ])("$name", async ({ upstream, expected }) => {
    const bindings = { STOCK: new Service(), ERP: new Service() };
    const fetcherOf = createFetcherOf([ORDERS, STOCK, ERP], bindings, answering("outside"));
    expect(await (await fetcherOf(upstream)(TARGET, {})).text()).toBe(expected);
  });

  it("resolves a binding once, when it is made", async () => {
    let reads = 0;
    const bindings = {
      get STOCK() {
        reads += 1;
        return new Service();
      },
    };
    const fetcherOf = createFetcherOf([STOCK], bindings, answering("outside"));
    await fetcherOf(STOCK)(TARGET, {});
    await fetcherOf(STOCK)(TARGET, {});
    expect(reads).toBe(1);
  });

  it("fails the requests to a service without its binding, and no others", async () => {
    const fetcherOf = createFetcherOf([ORDERS, STOCK], {}, answering("outside"));
    await expect(fetcherOf(STOCK)(TARGET, {})).rejects.toThrow("The service binding STOCK is missing.");
    expect(await (await fetcherOf(ORDERS)(TARGET, {})).text()).toBe("outside");
  });

  it("never sends a request past a binding that is missing", async () => {
    const fetcherOf = createFetcherOf([ERP], {}, answering("outside"));
    await expect(fetcherOf(ERP)("http://erp.internal/", {})).rejects.toThrow("The binding ERP is missing.");
  });

  it("throws for an upstream that it was made without", () => {
    expect(() => createFetcherOf([ORDERS], {}, answering("outside"))(STOCK)).toThrow("stock");
  });
});

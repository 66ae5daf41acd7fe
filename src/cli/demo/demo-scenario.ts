/** The running example as a list of calls, in the order to make them. */
import { localSecret } from "../../local/issuer/clients.ts";
import { type RawRequest, type RawResponse, rawRequest } from "../../local/raw-request.ts";
import type { Stack } from "../../local/stack.ts";
import { bodyOf, describeLack, total } from "./demo-answer.ts";
import type { Step } from "./demo-step.ts";
import { accessToken, claimsOf, scopesOf, signedToken, tamper } from "./demo-tokens.ts";
import { mcpSteps } from "./mcp-steps.ts";

const RESOURCE_SERVER = "https://api.myecommerce.com";

/** The steps share state (tokens, identifiers of what was created), so that each relies on those before it. */
export function demoScenario(stack: Stack): readonly Step[] {
  let customer = "";
  let admin = "";
  /**
   * A token that is ten minutes old. The gateway answers 503 for a younger token with an unknown key, because the
   * issuer may just have published that key.
   */
  let older = "";
  let orderId = "";
  let productId = "";
  const gateway = (request: Omit<RawRequest, "origin">) => rawRequest({ origin: stack.urls.gateway, ...request });
  const issuer = (client: string, form: Readonly<Record<string, string>> = {}) =>
    rawRequest({
      origin: stack.urls.issuer,
      method: "POST",
      path: "/oauth2/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: client,
        client_secret: localSecret(client),
        ...form,
      }).toString(),
    });
  const order = (productId: number, quantity: number) => ({ items: [{ productId, quantity }] });

  return [
    {
      call: "customer  asks the issuer for a token",
      expected: "200 by issuer, 2 scopes",
      async send() {
        const answer = await issuer("customer");
        customer = accessToken(answer);
        return answer;
      },
      note: (answer) => `${scopesOf(accessToken(answer)).length} scopes`,
    },
    {
      call: "admin     asks the issuer for a token",
      expected: "200 by issuer, 4 scopes",
      async send() {
        const answer = await issuer("admin");
        admin = accessToken(answer);
        return answer;
      },
      note: (answer) => `${scopesOf(accessToken(answer)).length} scopes`,
    },
    {
      call: "customer  asks the issuer for write:orders",
      expected: "400 invalid_scope by issuer",
      send: () => issuer("customer", { scope: `${RESOURCE_SERVER}/write:orders` }),
    },
    {
      call: "customer  asks the issuer with a wrong secret",
      expected: "400 invalid_client by issuer",
      send: () => issuer("customer", { client_secret: "guessed" }),
    },

    {
      call: "nobody    GET /products",
      expected: "401 credentials-missing by gateway",
      send: () => gateway({ path: "/products" }),
    },
    {
      call: "nobody    GET /products/healthz",
      expected: "200 by products",
      send: () => gateway({ path: "/products/healthz" }),
    },
    {
      call: "customer  GET /products",
      expected: "200 by products, 4 items",
      send: () => gateway({ path: "/products", headers: bearer(customer) }),
      note: (answer) => `${bodyOf(answer)["total"]} items`,
    },
    {
      call: "customer  GET /orders",
      expected: "200 by orders, 0 items",
      send: () => gateway({ path: "/orders", headers: bearer(customer) }),
      note: (answer) => `${bodyOf(answer)["total"]} items`,
    },
    {
      call: "customer  POST /orders",
      expected: "403 scope-insufficient by gateway, lacks write:orders",
      send: () => gateway({ path: "/orders", ...json("POST", customer, order(1, 1)) }),
      note: describeLack,
    },
    {
      call: "customer  POST /products",
      expected: "403 scope-insufficient by gateway, lacks write:products",
      note: describeLack,
      send: () => gateway({ path: "/products", ...json("POST", customer, PRODUCT) }),
    },

    {
      call: "admin     POST /orders, x-auth-subject: customer",
      expected: "201 by orders, total 2580",
      async send() {
        const spoofed = json("POST", admin, order(1, 2), { "x-auth-subject": "customer" });
        const answer = await gateway({ path: "/orders", ...spoofed });
        orderId = String(bodyOf(answer)["id"]);
        return answer;
      },
      note: total,
    },
    {
      call: "nobody    GET /orders at the order service, x-auth-subject: admin",
      expected: "401 by orders",
      send: () =>
        rawRequest({
          origin: stack.urls.orders ?? "",
          path: "/orders",
          headers: { "x-auth-subject": "admin", "x-auth-scopes": `${RESOURCE_SERVER}/read:orders` },
        }),
    },
    {
      call: "customer  GET /orders/<that order>",
      expected: "404 by orders",
      send: () => gateway({ path: `/orders/${orderId}`, headers: bearer(customer) }),
    },
    {
      call: "admin     GET /orders/<that order>",
      expected: "200 by orders, total 2580",
      send: () => gateway({ path: `/orders/${orderId}`, headers: bearer(admin) }),
      note: total,
    },
    {
      call: "admin     PUT /orders/<that order>",
      expected: "200 by orders, total 990",
      send: () => gateway({ path: `/orders/${orderId}`, ...json("PUT", admin, order(3, 1)) }),
      note: total,
    },
    {
      call: "admin     PATCH /orders/<that order>",
      expected: "200 by orders, cancelled",
      send: () => gateway({ path: `/orders/${orderId}`, ...json("PATCH", admin, { status: "cancelled" }) }),
      note: (answer) => String(bodyOf(answer)["status"]),
    },
    {
      call: "admin     DELETE /orders/<that order>",
      expected: "204 by orders",
      send: () => gateway({ method: "DELETE", path: `/orders/${orderId}`, headers: bearer(admin) }),
    },
    {
      call: "admin     GET /orders/<that order>",
      expected: "404 by orders",
      send: () => gateway({ path: `/orders/${orderId}`, headers: bearer(admin) }),
    },

    {
      call: "admin     POST /products",
      expected: "201 by products",
      async send() {
        const answer = await gateway({ path: "/products", ...json("POST", admin, PRODUCT) });
        productId = String(bodyOf(answer)["id"]);
        return answer;
      },
    },
    {
      call: "customer  GET /products/<that product>",
      expected: "200 by products, 450 cents",
      send: () => gateway({ path: `/products/${productId}`, headers: bearer(customer) }),
      note: price,
    },
    {
      call: "admin     PATCH /products/<that product>",
      expected: "200 by products, 500 cents",
      send: () => gateway({ path: `/products/${productId}`, ...json("PATCH", admin, { priceCents: 500 }) }),
      note: price,
    },
    {
      call: "customer  DELETE /products/<that product>",
      expected: "403 scope-insufficient by gateway",
      send: () => gateway({ method: "DELETE", path: `/products/${productId}`, headers: bearer(customer) }),
    },
    {
      call: "admin     DELETE /products/<that product>",
      expected: "204 by products",
      send: () => gateway({ method: "DELETE", path: `/products/${productId}`, headers: bearer(admin) }),
    },

    ...mcpSteps({ gateway, customer: () => customer, admin: () => admin }),

    {
      call: "admin     GET /carts",
      expected: "404 route-unknown by gateway",
      send: () => gateway({ path: "/carts", headers: bearer(admin) }),
    },
    {
      call: "admin     DELETE /orders",
      expected: "405 method-not-allowed by gateway, allow GET HEAD POST",
      send: () => gateway({ method: "DELETE", path: "/orders", headers: bearer(admin) }),
      note: ({ headers }) =>
        `allow ${(headers.get("allow") ?? "")
          .split(/\s*,\s*/)
          .sort()
          .join(" ")}`,
    },
    {
      call: "admin     GET /products/..%2Forders",
      expected: "400 path-ambiguous by gateway",
      send: () => gateway({ path: "/products/..%2Forders", headers: bearer(admin) }),
    },
    {
      call: "admin     GET //orders",
      expected: "400 path-ambiguous by gateway",
      send: () => gateway({ path: "//orders", headers: bearer(admin) }),
    },

    {
      call: "customer  GET /products, token expired",
      expected: "401 token-expired by gateway",
      async send() {
        const token = await signedToken(stack.urls.issuer, {
          ...claimsOf(customer),
          iat: secondsAgo(7200),
          exp: secondsAgo(3600),
        });
        return gateway({ path: "/products", headers: bearer(token) });
      },
    },
    {
      call: "customer  POST /orders, token tampered with",
      expected: "401 signature-invalid by gateway",
      send: () => {
        const token = tamper(customer, { scope: `${RESOURCE_SERVER}/write:orders` });
        return gateway({ path: "/orders", ...json("POST", token, order(1, 1)) });
      },
    },
    {
      call: "customer  GET /products, keys replaced",
      expected: "200 by products",
      async send() {
        older = await signedToken(stack.urls.issuer, { ...claimsOf(customer), iat: secondsAgo(600) });
        await rawRequest({ origin: stack.urls.issuer, method: "POST", path: "/admin/rotate?mode=hard" });
        return gateway({ path: "/products", headers: bearer(accessToken(await issuer("customer"))) });
      },
    },
    {
      call: "customer  GET /products, token of a replaced key",
      expected: "401 key-unknown by gateway",
      async send() {
        // The gateway keeps using the keys that it knows for a while. The cron trigger makes it fetch them now.
        await stack.scheduled();
        return gateway({ path: "/products", headers: bearer(older) });
      },
    },
    {
      call: "admin     GET /orders, order service stopped",
      expected: "502 upstream-unreachable by gateway",
      async send() {
        admin = accessToken(await issuer("admin"));
        await stack.stop("orders");
        return gateway({ path: "/orders", headers: bearer(admin) });
      },
    },
  ];
}

const PRODUCT = { sku: "pen-black", name: "Black pen", priceCents: 450 };

function secondsAgo(seconds: number): number {
  return Math.floor(Date.now() / 1000) - seconds;
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function json(method: string, token: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return {
    method,
    body: JSON.stringify(body),
    headers: { ...bearer(token), "content-type": "application/json", ...headers },
  };
}

function price(answer: RawResponse): string {
  return `${bodyOf(answer)["priceCents"]} cents`;
}

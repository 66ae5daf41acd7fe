/** Calls of the order service's tools, through its MCP server. */
import type { RawRequest, RawResponse } from "../../local/raw-request.ts";
import { bodyOf, describeLack } from "./demo-answer.ts";
import type { Step } from "./demo-step.ts";

/** What the steps need of the demo. The tokens are there only when a step is played. */
interface Callers {
  readonly gateway: (request: Omit<RawRequest, "origin">) => Promise<RawResponse>;
  readonly customer: () => string;
  readonly admin: () => string;
}

const PATH = "/mcp";

/** A message is a POST to one path, so the policy decides by what the message asks for. */
export function mcpSteps({ gateway, customer, admin }: Callers): readonly Step[] {
  const send = (token: string | undefined, method: string, params: Readonly<Record<string, unknown>> = {}) =>
    gateway({
      method: "POST",
      path: PATH,
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
  const call = (token: string, name: string, args: object = {}) => send(token, "tools/call", { name, arguments: args });
  const order = { items: [{ productId: 1, quantity: 2 }] };

  return [
    {
      call: "nobody    tools/list at /mcp",
      expected: "401 credentials-missing by gateway",
      send: () => send(undefined, "tools/list"),
    },
    {
      call: "customer  tools/list at /mcp",
      expected: "200 by orders, 5 tools",
      send: () => send(customer(), "tools/list"),
      note: (answer) => `${lengthOf(resultOf(answer)["tools"])} tools`,
    },
    {
      call: "customer  tools/call list_orders at /mcp",
      expected: "200 by orders, 0 items",
      send: () => call(customer(), "list_orders"),
      note: (answer) => `${contentOf(answer)["total"]} items`,
    },
    {
      call: "customer  tools/call create_order at /mcp",
      expected: "403 scope-insufficient by gateway, lacks write:orders",
      send: () => call(customer(), "create_order", order),
      note: describeLack,
    },
    {
      call: "admin     tools/call create_order at /mcp",
      expected: "200 by orders, total 2580",
      send: () => call(admin(), "create_order", order),
      note: (answer) => `total ${contentOf(answer)["totalCents"]}`,
    },
    {
      call: "admin     tools/call delete_order at /mcp, not listed",
      expected: "403 message-unlisted by gateway",
      send: () => call(admin(), "delete_order", { id: "1" }),
    },
  ];
}

function resultOf(answer: RawResponse): Readonly<Record<string, unknown>> {
  return Object(bodyOf(answer)["result"]);
}

function contentOf(answer: RawResponse): Readonly<Record<string, unknown>> {
  return Object(resultOf(answer)["structuredContent"]);
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

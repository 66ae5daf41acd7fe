import { join } from "node:path";
import { FREE_PORTS } from "../../local/addresses.ts";
import { startStack } from "../../local/stack.ts";
import { readPolicySource } from "../policy-file/policy-source.ts";
import { withAssertion } from "./asserted-shop.ts";
import { describeAnswer } from "./demo-answer.ts";
import { demoScenario } from "./demo-scenario.ts";
import type { Step } from "./demo-step.ts";
import type { Row } from "./demo-table.ts";
import { withTools } from "./shop-with-tools.ts";

/** The policy of the running example. The policy of the project belongs to the team. */
const SHOP_POLICY = join(import.meta.dirname, "../../../examples/shop/routes.json");
/** The policy of the order service's MCP server. */
const MCP_POLICY = join(import.meta.dirname, "../../../examples/mcp/routes.json");

/**
 * Makes the calls of the running example against a new local stack, on free ports and with temporary state. The stack
 * runs the example's policy, with assertions for the order service and with its MCP server, and sets all of its vars to
 * the addresses of its own Workers.
 */
export async function playDemo(): Promise<readonly Row[]> {
  const config = withAssertion(withTools(readPolicySource(SHOP_POLICY).value, readPolicySource(MCP_POLICY).value));
  const stack = await startStack({
    ports: FREE_PORTS,
    readSource: async () => ({ config, vars: {} }),
  });
  try {
    const rows: Row[] = [];
    for (const step of demoScenario(stack)) rows.push(await play(step));
    return rows;
  } finally {
    await stack.dispose();
  }
}

/** Makes one call. An error counts as an unexpected answer, so that the remaining calls are still made. */
async function play({ call, expected, send, note }: Step): Promise<Row> {
  try {
    const answer = await send();
    const noted = note ? `, ${note(answer)}` : "";
    return { call, expected, actual: `${describeAnswer(answer)}${noted}` };
  } catch (error) {
    return { call, expected, actual: String(error) };
  }
}

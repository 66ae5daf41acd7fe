/**
 * The policy of the running example with the MCP server of the order service, as `examples/mcp/` has it. The file
 * itself has no MCP route, because the Worker that it makes would grow beyond the size that it must not exceed.
 *
 * @param tools the policy in `examples/mcp/`
 */
export function withTools(shop: unknown, tools: unknown): unknown {
  const { routes, ...rest } = Object(shop);
  const { publicUrl, issuers, routes: more } = Object(tools);
  return { ...rest, publicUrl, issuers, routes: [...routes, ...more] };
}

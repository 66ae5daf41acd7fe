import { openMessage } from "../mcp/guarded-message.ts";
import { loadMcp } from "../policy/compiled/mcp-form.ts";

/** Routes that decide messages of the Model Context Protocol. */
export default { load: loadMcp, open: openMessage };

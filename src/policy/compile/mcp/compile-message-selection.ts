import type { Fault, Report } from "../../fault.ts";
import { type MessageSelection, SELECTED_LISTS } from "../../mcp/message-selection.ts";
import type { GuaranteeConfig } from "../schema/config-schema.ts";
import type { Salvaged } from "../schema/salvaged.ts";

type Config = Salvaged<NonNullable<GuaranteeConfig["mcp"]>>;

/** Compiles the `mcp` of a guarantee. Whether some route lists such a message is not checked here; `prove` says so. */
export function compileMessageSelection(config: Config, path: Fault["path"], report: Report): MessageSelection {
  if (Object.keys(config).length === 0) {
    report(path, "This covers no message.", "Name messages in `tools`, `resources`, `prompts` or `methods`.");
  }
  for (const list of SELECTED_LISTS) {
    for (const [index, name] of (config[list] ?? []).entries()) {
      if (name === undefined || !name.slice(0, -1).includes("*")) continue;
      report(
        [...path, list, index],
        "The `*` is not at the end.",
        "Write one name, or the beginning of names and a `*`.",
      );
    }
  }
  const namesIn = (list: keyof MessageSelection) => (config[list] ?? []).filter((name) => name !== undefined);
  return {
    tools: namesIn("tools"),
    resources: namesIn("resources"),
    prompts: namesIn("prompts"),
    methods: namesIn("methods"),
  };
}

/** The messages in the words of the file, for the name of a guarantee that has none. */
export function describeMessages(config: Config): string {
  const lists = SELECTED_LISTS.flatMap((list) => (config[list] ? [`${list} ${config[list].join(", ")}`] : []));
  return `messages for ${lists.join(" or ")}`;
}

import { type CodeBlock, codeBlocks } from "../project/code-blocks.ts";
import { projectFile, tableRows } from "../project/project-files.ts";

/** A token as the guide shows it. */
export interface ShownToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A recipe of the guide. */
export interface ShownRecipe {
  readonly name: string;
  /** The arguments of the command that writes its block. */
  readonly command: readonly string[];
  /** The whole policy: that of the first recipe, with the block's `issuers` and `clients`. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly token: ShownToken;
  /** The scopes that the token grants, by their short names. */
  readonly grants: readonly string[];
  /** What else comes in, and what the answer is: `200`, or the status and the reason. */
  readonly rows: readonly { readonly token: string; readonly answer: string }[];
}

const GUIDE = projectFile("docs/guides/issuers.md");

/** The recipes of the guide, in its order. Throws for a recipe that lacks a part. */
export function shownRecipes(): readonly ShownRecipe[] {
  const [, ...sections] = GUIDE.split(/^### Recipe /m).map((section) => section.split(/^## /m)[0] ?? "");
  const blocks = sections.map((section) => parsed(section, '"issuers"'));
  return sections.map((section, index) => {
    const { issuers, clients } = blocks[index] ?? {};
    const [, granted = ""] = /^Grants: (.+)\.$/m.exec(section) ?? [];
    const { clients: _, ...first } = blocks[0] ?? {};
    return {
      name: section.split("\n")[0] ?? "",
      command: (block(section, "init").text.match(/[^\s\\]+/g) ?? []).slice(2),
      policy: { ...first, issuers, ...(clients ? { clients } : {}) },
      token: parsed(section, '"header"') as unknown as ShownToken,
      grants: granted.match(/[^`, ]+/g) ?? [],
      rows: tableRows(section, ["token", "answer", "why"]).map(([token = "", answer = ""]) => ({
        token,
        answer: answer === "passes" ? "200" : answer.replaceAll("`", ""),
      })),
    };
  });
}

/** The names of the recipes in the table at the top of the guide. */
export function listedRecipes(): readonly string[] {
  return tableRows(GUIDE, ["product", "recipes", "the vendor on its tokens"]).flatMap(
    ([, names = ""]) => names.match(/[^`, ]+/g) ?? [],
  );
}

function parsed(section: string, containing: string): Record<string, unknown> {
  return JSON.parse(block(section, containing).text) as Record<string, unknown>;
}

/** The only code block of a section that contains a text. */
function block(section: string, containing: string): CodeBlock {
  const [found, other] = codeBlocks(section).filter(({ text }) => text.includes(containing));
  if (found === undefined || other !== undefined) {
    throw new Error(`The recipe ${section.split("\n")[0]} must have one block with ${containing}.`);
  }
  return found;
}

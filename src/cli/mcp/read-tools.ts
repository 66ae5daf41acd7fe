import { readFileSync, statSync } from "node:fs";
import { parseSafeUrl } from "../../http/safe-url.ts";
import { parseJson } from "../../policy/source/parse-json.ts";
import { InputError, UsageError } from "../args/exit-code.ts";
import { unreadableFile } from "../args/unreadable-file.ts";
import { MAX_LIST_FILE_BYTES, MAX_LISTED_TOOLS } from "./list-limits.ts";
import { listTools } from "./list-tools.ts";
import { readToolPage } from "./tool-page.ts";

/**
 * The option of both commands about MCP servers. An argument with a token would show it to other users of the machine.
 */
export const tokenEnvOption = {
  "token-env": {
    type: "string",
    valueHint: "NAME",
    description: "The environment variable with an access token for the URL. Default: no token is sent.",
  },
} as const;

/**
 * The names of a server's tools, each once, sorted.
 *
 * @param source a URL that is asked, or a file: a result of `tools/list`, a JSON-RPC response with one, or a list of
 * either
 * @param tokenVariable name of the environment variable with the token for the URL
 * @throws UsageError the URL is not safe, or the variable has no token
 * @throws InputError the list cannot be read
 */
export async function readTools(
  source: string,
  tokenVariable: string | undefined,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    if (tokenVariable !== undefined) throw new UsageError("--token-env: A file needs no token.");
    return toolsInFile(source);
  }
  const url = parseSafeUrl(source);
  if (!url.ok) throw new UsageError(`URL: ${url.failure.message} ${url.failure.hint}`);
  const found = await listTools(url.value, tokenIn(tokenVariable, variables));
  if (found.ok) return found.value;
  throw new InputError(`${url.value.origin}: ${found.failure}`);
}

function tokenIn(
  name: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (name === undefined) return undefined;
  const token = variables[name] ?? "";
  // Anything else would be no header, and an error about it could show the token.
  if (/^[A-Za-z0-9._~+/-]+=*$/.test(token)) return token;
  throw new UsageError(`--token-env: The variable ${name} is not set, or holds no access token.`);
}

function toolsInFile(file: string): readonly string[] {
  let text: string;
  try {
    if (file !== "-" && statSync(file).size > MAX_LIST_FILE_BYTES) throw new RangeError();
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${file}: The file is larger than ${MAX_LIST_FILE_BYTES} bytes.`);
    throw new InputError(`${unreadableFile(file, error).message} If this is a URL, start it with https:// or http://.`);
  }
  const parsed = parseJson(text);
  if (!parsed.ok) throw new InputError(`${file}: The file is not JSON.`);
  const pages: readonly unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const names = new Set<string>();
  let isOpen = false;
  for (const value of pages) {
    const page = readToolPage(value);
    if (!page.ok) throw new InputError(`${file}: ${page.failure.message} ${page.failure.hint}`);
    for (const name of page.value.names) names.add(name);
    isOpen = page.value.nextCursor !== undefined;
  }
  // With a part of the list, tools would be taken for gone.
  if (isOpen || pages.length === 0) throw new InputError(`${file}: The list goes on: add its other pages.`);
  if (names.size > MAX_LISTED_TOOLS) throw new InputError(`${file}: The list has more than ${MAX_LISTED_TOOLS} tools.`);
  return [...names].sort();
}

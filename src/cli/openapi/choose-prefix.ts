import { canonicalPath } from "../../policy/routing/canonical-path.ts";
import { UsageError } from "../args/exit-code.ts";
import type { ApiDocument, Operation } from "./document/api-document.ts";

/** A document, and the gateway's path in front of each of its paths. */
export interface PrefixedDocument {
  readonly document: ApiDocument;
  /** In canonical form without a trailing slash; may be empty. */
  readonly prefix: string;
  /** What the user should know about the prefix; absent if there is nothing. */
  readonly remark?: string;
}

/**
 * Applies `--prefix`: a path, or `servers` for the base path of the document's servers. With `servers`, an operation
 * that has servers of its own with another base path gets a fault.
 *
 * Throws `UsageError` if the text is no canonical path, and if the document's servers have several base paths: nobody
 * can tell which one the gateway has.
 */
export function applyPrefix(document: ApiDocument, text: string): PrefixedDocument {
  if (text === "") return { document, prefix: "", ...remarkOn(document) };
  if (text !== "servers") return { document, prefix: parsePrefix(text) };
  const [only = "", ...more] = document.basePaths;
  if (more.length > 0) {
    const known = document.basePaths.map((path) => path || "/").join(", ");
    throw new UsageError(`The document's servers have several paths: ${known}. Name one with --prefix.`);
  }
  if (only !== "" && !isPrefix(only)) {
    throw new UsageError(`The path of the document's server, ${only}, cannot be a prefix. Name another with --prefix.`);
  }
  const operations = document.operations.map((operation) => withServerFault(operation, only));
  return { document: { ...document, operations }, prefix: only };
}

/** Reads `--prefix`: empty, or a canonical path without a trailing slash. Throws `UsageError` for anything else. */
function parsePrefix(text: string): string {
  if (text === "" || isPrefix(text)) return text;
  throw new UsageError("--prefix needs a path such as /v1, without a slash at the end, or `servers`.");
}

function isPrefix(text: string): boolean {
  const canonical = canonicalPath(text);
  return canonical.ok && canonical.value === text && text !== "/" && !text.endsWith("/") && !/[:*;]/.test(text);
}

function remarkOn({ basePaths }: ApiDocument): { readonly remark?: string } {
  const paths = basePaths.filter((path) => path !== "");
  if (paths.length === 0) return {};
  const how = basePaths.length === 1 ? "--prefix servers does so, too" : "choose one";
  return {
    remark: `The document's servers have the path ${paths.join(", ")}, and the routes do not. Add it with --prefix ${paths[0]}; ${how}.`,
  };
}

function withServerFault(operation: Operation, prefix: string): Operation {
  const { basePaths } = operation;
  if (basePaths === undefined || (basePaths.length === 1 && basePaths[0] === prefix)) return operation;
  const message = `Its own servers have the path ${basePaths.map((path) => path || "/").join(", ")}.`;
  return { ...operation, fault: { message, hint: "Import it by itself, with another --prefix." } };
}

import { policyOfFiles } from "../../../src/cli/console/policy-of-files.ts";
import { policyReader } from "../../../src/cli/console/view/policy-state.ts";
import type { ViewContext, ViewReply } from "../../../src/cli/console/view/view-context.ts";
import { whyView } from "../../../src/cli/console/why/why-view.ts";
import type { Html } from "../../../src/cli/print/html.ts";

/** What `/why` answers: its HTML, or the address that a form leads on to. */
export interface WhyPage {
  readonly html: string;
  /** What a person reads, each white space one space. */
  readonly text: string;
  readonly status: number;
  /** `undefined`: that of every question. */
  readonly title: string | undefined;
  readonly seeOther: string | undefined;
}

const ORIGIN = "http://127.0.0.1:8791";

/** Asks `/why` about a policy's file, by an address such as `path=/orders`, or by a form. */
export function whyAsker(file: string, day = "2026-11-28") {
  const read = policyReader(policyOfFiles(file, undefined));
  const compileIn: ViewContext["compileIn"] = (name, source) => policyOfFiles(file, name).compile(source);
  const ask = async (request: Request): Promise<WhyPage> => {
    const context = { policyName: file, state: await read(), day, compileIn };
    return pageOf(await whyView(context, request));
  };
  return {
    /** @param query text that stands behind the `?`, or parameters */
    byAddress: (query: string | Readonly<Record<string, string>>): Promise<WhyPage> =>
      ask(new Request(`${ORIGIN}/why?${new URLSearchParams(query)}`)),
    byForm: (fields: Readonly<Record<string, string>>): Promise<WhyPage> =>
      ask(new Request(`${ORIGIN}/why`, { method: "POST", body: new URLSearchParams(fields) })),
  };
}

function pageOf(reply: Html | ViewReply): WhyPage {
  if (typeof reply === "object" && "seeOther" in reply) {
    return { html: "", text: "", status: 303, title: undefined, seeOther: reply.seeOther };
  }
  const html = typeof reply === "object" ? reply.main : reply;
  const { status = 200, title } = typeof reply === "object" ? reply : {};
  return { html, text: readable(html), status, title, seeOther: undefined };
}

/** The text of HTML as a person reads it. */
export function readable(html: string): string {
  return html
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

import type { Page } from "playwright-core";

/** What Chromium says of event streams when a test closes its console. Pages connect again, and are at no fault. */
const SERVER_IS_GONE = /net::ERR_(?:INCOMPLETE_CHUNKED_ENCODING|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)$/;

/** Adds a line to `problems` for everything that a page must not do. It may ask what is allowed by `placeOf`. */
export function watchPage(page: Page, allowed: ReadonlySet<string>, problems: string[]): void {
  const elsewhere = (kind: string, url: string) => {
    if (!isAllowed(url, allowed)) problems.push(`${kind} elsewhere: ${url}`);
  };
  page.on("request", (request) => elsewhere("request", request.url()));
  page.on("websocket", (socket) => elsewhere("web socket", socket.url()));
  // A violation of the content security policy is a console error.
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type()) || SERVER_IS_GONE.test(message.text())) return;
    problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught error: ${error.message}`));
  page.on("crash", () => problems.push("crash"));
  page.on("dialog", async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
}

/** What a page at this address may ask: its origin, or the one file. */
export function placeOf(url: string): string {
  const { protocol, origin, href } = new URL(url);
  return protocol === "file:" ? href : origin;
}

/** Data URLs and pages of the browser itself need no network. */
function isAllowed(url: string, allowed: ReadonlySet<string>): boolean {
  const { protocol } = new URL(url);
  if (["data:", "about:", "blob:"].includes(protocol)) return true;
  return allowed.has(placeOf(url.replace(/^ws/, "http")));
}

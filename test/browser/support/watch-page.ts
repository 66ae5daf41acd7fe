import type { Page } from "playwright-core";

/** What a page must never do, as sentences. `origins` are the ones that it may ask. */
export function watchPage(page: Page, origins: ReadonlySet<string>, problems: string[]): void {
  const elsewhere = (kind: string, url: string) => {
    if (!isAllowed(url, origins)) problems.push(`${kind} elsewhere: ${url}`);
  };
  page.on("request", (request) => elsewhere("request", request.url()));
  page.on("websocket", (socket) => elsewhere("web socket", socket.url()));
  // A violation of the content security policy is a console error.
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught error: ${error.message}`));
  page.on("crash", () => problems.push("crash"));
  page.on("dialog", async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
}

/** Data URLs and pages of the browser itself need no network. */
function isAllowed(url: string, origins: ReadonlySet<string>): boolean {
  const { protocol, host } = new URL(url);
  if (["data:", "about:", "blob:"].includes(protocol)) return true;
  return origins.has(`${protocol.replace(/^ws/, "http")}//${host}`);
}

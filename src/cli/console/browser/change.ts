// Follows the file: when the console says that the difference has changed, the page is asked for again, and the new
// result takes the place of the old one. What is scrolled to, focused and opened stays.

import { followEvents } from "./follow-events.ts";
import { showFaults } from "./show-faults.ts";

const status = document.getElementById("change-status");

/** What was last said of the connection; empty: nothing is wrong with it. */
let trouble = "";
let isAsking = false;
let isAskedAgain = false;

function resultIn(page: Document): HTMLElement | null {
  return page.getElementById("change-result");
}

function say(text: string): void {
  if (status !== null && status.textContent !== text) status.textContent = text;
}

/** The events of the version that the page shows. */
function eventsAddress(): URL | undefined {
  const version = resultIn(document)?.dataset["version"];
  if (version === undefined) return undefined;
  const address = new URL("/change/events", location.origin);
  address.search = location.search;
  address.searchParams.set("version", version);
  return address;
}

/** Says what is wrong with the connection. When it is there again, takes that back, but nothing that was said since. */
function sayOfConnection(text: string): void {
  if (text !== "" || status?.textContent === trouble) say(text);
  trouble = text;
}

/** Asks for the page. The browser parses it as a document in which no script runs. */
function ask(): void {
  if (isAsking) {
    isAskedAgain = true;
    return;
  }
  isAsking = true;
  const request = new XMLHttpRequest();
  request.responseType = "document";
  request.open("GET", location.pathname + location.search);
  request.addEventListener("loadend", () => {
    isAsking = false;
    const page: unknown = request.response;
    if (page instanceof Document) show(page);
    else say("The console could not make this page. Its terminal says more.");
    if (!isAskedAgain) return;
    isAskedAgain = false;
    ask();
  });
  request.send();
}

function show(page: Document): void {
  const [old, result] = [resultIn(document), resultIn(page)];
  if (old === null || result === null) {
    location.reload();
    return;
  }
  const anchor = anchorOf(old);
  showFaults(page);
  if (result.querySelector("[data-computing]") !== null && old.querySelector("[data-computing]") === null) {
    old.setAttribute("aria-busy", "true");
    say("The file has changed. Comparing it again.");
    keepInPlace(anchor, old);
    return;
  }
  const focused = focusKey(old);
  const wasOpen = new Map(keyed(old).map((it) => [it.dataset["key"], it.open]));
  old.replaceWith(document.adoptNode(result));
  for (const it of keyed(result)) it.open = wasOpen.get(it.dataset["key"]) ?? it.open;
  if (focused !== undefined) (withFocusKey(result, focused) ?? result).focus({ preventScroll: true });
  keepInPlace(anchor, result);
  const told = Array.from(result.querySelectorAll(".wrong, .stale, #change-summary, .computing"), spoken);
  say(`Updated at ${new Date().toLocaleTimeString()}. ${told.join(" ")}`);
}

/** The text of an element without the signs that stand beside a word. */
function spoken(element: Element): string {
  const copy = element.cloneNode(true);
  if (copy instanceof Element) for (const sign of copy.querySelectorAll("[aria-hidden]")) sign.remove();
  return (copy.textContent ?? "").replaceAll(/\s+/g, " ").trim();
}

function keyed(result: HTMLElement): readonly HTMLDetailsElement[] {
  return Array.from(result.querySelectorAll<HTMLDetailsElement>("details[data-key]"));
}

interface Anchor {
  readonly top: number;
  find(result: HTMLElement): Element | undefined;
}

/** The first heading or group that the reader sees, to keep it where it is. */
function anchorOf(result: HTMLElement): Anchor | undefined {
  if (scrollY === 0) return undefined;
  const marks = (of: HTMLElement) => Array.from(of.querySelectorAll<HTMLElement>("h2[id], details[data-key]"));
  const keyOf = (mark: HTMLElement) => mark.dataset["key"] ?? mark.id;
  const seen = marks(result).find((mark) => mark.getBoundingClientRect().top >= 0) ?? marks(result).at(-1);
  if (seen === undefined) return undefined;
  const key = keyOf(seen);
  return {
    top: seen.getBoundingClientRect().top,
    find: (of) => marks(of).find((mark) => keyOf(mark) === key),
  };
}

function keepInPlace(anchor: Anchor | undefined, result: HTMLElement): void {
  const top = anchor?.find(result)?.getBoundingClientRect().top;
  if (anchor !== undefined && top !== undefined) scrollBy({ top: top - anchor.top, behavior: "instant" });
}

/** What tells the focused element from the others: the address of a link, the group of a summary. */
function focusKey(result: HTMLElement): string | undefined {
  const focused = document.activeElement;
  return focused instanceof HTMLElement && result.contains(focused) ? keyOfElement(focused) : undefined;
}

function keyOfElement(element: HTMLElement): string {
  return element.getAttribute("href") ?? element.closest("details")?.dataset["key"] ?? "";
}

function withFocusKey(result: HTMLElement, key: string): HTMLElement | undefined {
  return Array.from(result.querySelectorAll<HTMLElement>("a[href], summary")).find((it) => keyOfElement(it) === key);
}

followEvents({ address: eventsAddress, on: { change: ask }, say: sayOfConnection });

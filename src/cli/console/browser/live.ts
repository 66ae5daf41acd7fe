// Adds new lines to the page of live decisions, and filters them as the reader types.

import { countKinds, filterQuery, isShown, readFilter } from "../live/line-filter.ts";
import type { LiveBatch } from "../live/live-events.ts";
import type { LiveLine } from "../live/live-line.ts";
import { followEvents } from "./follow-events.ts";

/** As many as the console keeps. */
const MAX_LINES = 1_000;

const body = document.querySelector<HTMLTableSectionElement>("#live-lines");
// Without a gateway, the page has no table.
if (body) follow(body);

function follow(tbody: HTMLTableSectionElement): void {
  const table = found<HTMLTableElement>("table.live");
  const form = found<HTMLFormElement>("#live-filter");
  const pause = found<HTMLButtonElement>("#pause");
  const newer = found<HTMLButtonElement>("#newer");
  const status = found("#live-status");
  const note = found("#live-note");
  const template = found<HTMLTemplateElement>("#live-row");
  const maxRows = Number(table.dataset["rows"]);

  /** Oldest first. */
  let lines: readonly LiveLine[] = [];
  let run: string | undefined;
  /** The last line that the reader has let in. Newer ones wait while the reader reads. */
  let shownId = Number(tbody.rows[0]?.dataset["line"] ?? 0);
  let filter = readFilter(new FormData(form));
  let isPaused = false;
  let isPointedAt = false;
  /** What is wrong with the connection; empty: nothing. */
  let trouble = "";
  /** Lines that the console no longer had when the page could get them: it was out of sight, or too many came. */
  let missed = 0;
  let isDue = false;

  /** Draws once for all lines that come before the next frame, so that a flood does not stall the page. */
  const drawSoon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  };

  const isReading = () =>
    isPointedAt || table.contains(document.activeElement) || table.getBoundingClientRect().top < 0;

  const draw = () => {
    // The server's rows stay until the first lines come.
    if (run === undefined) return setText(status, statusOf(false));
    const isHeld = isPaused || isReading();
    const newest = lines.at(-1)?.id ?? 0;
    if (!isHeld) shownId = newest;
    const matching = lines.filter((line) => isShown(line, filter));
    const shown = matching.filter(({ id }) => id <= shownId).toReversed();
    drawRows(shown.slice(0, maxRows));
    drawCounts();
    const waiting = matching.length - shown.length;
    newer.hidden = waiting === 0;
    setText(newer, `Show ${waiting} new ${waiting === 1 ? "line" : "lines"}`);
    setText(note, noteOf(shown.length));
    setText(status, statusOf(waiting > 0));
  };

  /** Keeps the rows that stay, so that the focus and a selection in them stay, too. */
  const drawRows = (shown: readonly LiveLine[]) => {
    const known = new Map(Array.from(tbody.rows, (row) => [row.dataset["line"], row]));
    let next: Element | null = tbody.firstElementChild;
    for (const line of shown) {
      const row = known.get(String(line.id)) ?? rowOf(line);
      if (row === next) next = row.nextElementSibling;
      else tbody.insertBefore(row, next);
    }
    while (next) {
      const last: Element = next;
      next = last.nextElementSibling;
      last.remove();
    }
  };

  const rowOf = ({ id, kind, time, status: code, target, client, outcome, why }: LiveLine) => {
    const copy = template.content.cloneNode(true) as DocumentFragment;
    const row = copy.querySelector("tr") as HTMLTableRowElement;
    const slot = (name: string) => row.querySelector(`[data-slot=${name}]`) as HTMLElement;
    row.dataset["line"] = String(id);
    row.dataset["kind"] = kind;
    slot("time").setAttribute("datetime", time);
    slot("time").textContent = time.slice(11, 23);
    const texts = { kind, status: code, target, client, outcome };
    for (const [name, text] of Object.entries(texts)) slot(name).textContent = text;
    if (why) {
      const link = slot("why");
      link.hidden = false;
      link.setAttribute("href", why.href);
      link.setAttribute("aria-label", `Why? ${target}`);
      if (why.assumed !== "") slot("assumed").textContent = `with ${why.assumed}`;
    }
    return row;
  };

  const drawCounts = () => {
    const counts: Readonly<Record<string, number>> = countKinds(lines, filter);
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    for (const label of form.querySelectorAll<HTMLElement>("[data-kind]")) {
      const kind = label.dataset["kind"] ?? "";
      setText(label.querySelector(".count"), String(kind === "" ? all : counts[kind]));
    }
  };

  const noteOf = (shown: number): string => {
    const lost = `${missed} older ${missed === 1 ? "line is" : "lines are"} not here: the console no longer keeps them.`;
    return [shownNote(shown), missed === 0 ? "" : lost].filter(Boolean).join(" ");
  };

  const shownNote = (shown: number): string => {
    if (lines.length === 0) return "No request has come yet.";
    if (shown === 0) return "No line matches the filter.";
    return shown > maxRows ? `The newest ${maxRows} of ${shown} lines. A filter finds the others.` : "";
  };

  const statusOf = (hasWaiting: boolean): string => {
    if (trouble !== "") return trouble;
    if (isPaused) return "Paused: new lines wait.";
    return hasWaiting ? "New lines wait while you read." : "";
  };

  const takeIn = (batch: LiveBatch) => {
    // Another run of the gateway counts its lines anew.
    if (batch.run !== run) {
      if (run !== undefined) shownId = 0;
      run = batch.run;
      lines = [];
      missed = 0;
    }
    missed += batch.missed;
    if (batch.isPolicyValid) document.querySelector("body > .faults")?.remove();
    const last = lines.at(-1)?.id ?? 0;
    lines = [...lines, ...batch.lines.filter(({ id }) => id > last)].slice(-MAX_LINES);
    drawSoon();
  };

  followEvents({
    address: () => `/live/events?after=${run === undefined ? "" : `${run}.${lines.at(-1)?.id ?? 0}`}`,
    on: { message: (data) => takeIn(JSON.parse(data)) },
    say(text) {
      trouble = text;
      drawSoon();
    },
  });

  const filterAgain = () => {
    filter = readFilter(new FormData(form));
    const query = filterQuery(filter);
    history.replaceState(null, "", query === "" ? "/live" : `/live?${query}`);
    drawSoon();
  };
  form.addEventListener("input", filterAgain);
  form.addEventListener("submit", (event) => event.preventDefault());
  found("#filter-button").hidden = true;

  pause.hidden = false;
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.setAttribute("aria-pressed", String(isPaused));
    drawSoon();
  });
  newer.addEventListener("click", () => {
    shownId = lines.at(-1)?.id ?? 0;
    if (table.getBoundingClientRect().top < 0) table.scrollIntoView({ block: "start" });
    // The button goes: the focus must not go with it.
    pause.focus({ preventScroll: true });
    drawSoon();
  });

  // A finger points only for a moment, and nothing tells when the reader has read on.
  tbody.addEventListener("pointerover", ({ pointerType }) => {
    isPointedAt = pointerType === "mouse";
  });
  tbody.addEventListener("pointerleave", () => {
    isPointedAt = false;
    drawSoon();
  });
  table.addEventListener("focusout", drawSoon);
  addEventListener("scroll", drawSoon, { passive: true });
}

function found<Found extends HTMLElement = HTMLElement>(selector: string): Found {
  const element = document.querySelector<Found>(selector);
  if (element === null) throw new Error(`The page has no ${selector}.`);
  return element;
}

/** Leaves an equal text as it is, so that it is not announced again. */
function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

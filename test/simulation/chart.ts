import type { Outcome } from "./simulation.ts";
import type { Counted } from "./tally.ts";

const WIDTH = 960;
const LEFT = 64;
const RIGHT = 28;
const PANEL_HEIGHT = 190;
const PANEL_GAP = 70;
const TOP = 60;
/** The vertical axis is logarithmic; values below one per minute are drawn at its foot. */
const DECADES = 4;
/** Minutes per step of a line; the step shows the largest value of these minutes. */
const STEP = 5;
/** Okabe and Ito's colours, which colour-blind readers can tell apart. */
const COLOURS = ["#0072b2", "#e69f00", "#009e73"];

/** Draws a day under each load as SVG: issuer requests and KV reads per minute, with the events behind them. */
export function drawDays(days: readonly Outcome[]): string {
  const height = TOP + 2 * PANEL_HEIGHT + PANEL_GAP + 40;
  const legend = days.map(({ requestsPerSecond, isolates }, index) => {
    const x = LEFT + index * 290;
    const label = `${requestsPerSecond.toLocaleString("en")} requests/s, ${isolates.toLocaleString("en")} isolates`;
    return `<path d="M${x} 26h22" stroke="${COLOURS[index]}" stroke-width="3"/><text x="${x + 28}" y="30">${label}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    "<title>Issuer requests and KV reads per minute through the simulated day</title>",
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...legend,
    ...panel(days, "issuerRequests", "issuer requests per minute", TOP),
    ...panel(days, "kvReads", "KV reads per minute", TOP + PANEL_HEIGHT + PANEL_GAP),
    "</svg>",
    "",
  ].join("\n");
}

function panel(days: readonly Outcome[], what: Counted, title: string, top: number): string[] {
  const scenario = days[0]?.timeline.scenario;
  if (scenario === undefined) return [];
  const x = (minute: number) => round(LEFT + (minute / scenario.minutes) * (WIDTH - LEFT - RIGHT));
  const y = (count: number) =>
    round(top + PANEL_HEIGHT * (1 - Math.min(DECADES, Math.log10(Math.max(1, count))) / DECADES));
  const foot = top + PANEL_HEIGHT;
  const band = (from: number, until: number, label: string) => [
    `<rect x="${x(from)}" y="${top}" width="${round(x(until) - x(from))}" height="${PANEL_HEIGHT}" fill="#eee"/>`,
    `<text x="${x(from) + 3}" y="${top + 13}" fill="#555">${label}</text>`,
  ];
  const outages = scenario.faults.filter(({ from, until }) => until - from > STEP);
  const bands = [
    ...scenario.floods.flatMap(({ from, until }) => band(from, until, "flood")),
    ...outages.flatMap(({ from, until, kind }) => band(from, until, kind)),
  ];
  // The published keys and the signing key, written where the lines leave room.
  const isLabelled = what === "kvReads";
  const rotations = scenario.keyStates.slice(1).map(({ from, published, signing }) => {
    const label = isLabelled ? `${published.join("+")}, ${signing} signs` : "";
    return (
      `<path d="M${x(from)} ${top}V${foot}" stroke="#999" stroke-dasharray="2 3"/>` +
      `<text transform="translate(${x(from) - 3} ${foot - 4}) rotate(-90)" fill="#555" font-size="10">${label}</text>`
    );
  });
  const decades = Array.from({ length: DECADES + 1 }, (_, power) => {
    const count = 10 ** power;
    const label = count === 1 ? "≤ 1" : count.toLocaleString("en");
    return (
      `<path d="M${LEFT} ${y(count)}H${WIDTH - RIGHT}" stroke="#ddd"/>` +
      `<text x="${LEFT - 8}" y="${y(count) + 4}" text-anchor="end">${label}</text>`
    );
  });
  const hours = Array.from({ length: scenario.minutes / 60 / 2 + 1 }, (_, index) => {
    const label = `${String(index * 2).padStart(2, "0")}:00`;
    return `<text x="${x(index * 120)}" y="${foot + 17}" text-anchor="middle">${label}</text>`;
  });
  // The largest load is drawn first, so that it does not hide the smaller ones.
  const lines = days.map(({ tally }, index) => {
    const series = tally.series(what);
    const steps = Array.from({ length: Math.ceil(series.length / STEP) }, (_, step) => {
      const count = Math.max(...series.subarray(step * STEP, (step + 1) * STEP));
      return `${step === 0 ? "M" : "L"}${x(step * STEP)} ${y(count)}`;
    });
    return `<path d="${steps.join("")}" fill="none" stroke="${COLOURS[index]}" stroke-width="1.5"/>`;
  });
  const heading = `<text x="${LEFT}" y="${top - 8}" font-weight="600">${title}</text>`;
  return [...bands, ...decades, ...rotations, ...hours, ...lines.reverse(), heading];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

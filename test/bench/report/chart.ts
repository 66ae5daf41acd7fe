import { WORKLOADS, type Workload } from "../load/workloads.ts";
import type { BenchResult } from "./results.ts";

const TITLES: Readonly<Record<Workload, string>> = {
  hot: "one token",
  thousand: "1,000 tokens in turn",
  cold: "never-seen tokens",
  "bad-signature": "bad signatures",
  "no-token": "no token",
};

const WIDTH = 760;
const LABELS = 150;
const BAR = 14;
const GAP = 4;
const TITLE = 26;
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';

/** Draws CPU time per request as bars, with 3 headers: a group for each workload, a bar for each gateway. */
export function drawChart(results: readonly BenchResult[]): string {
  const drawn = results.filter(({ headers }) => headers === 3);
  const unit = (WIDTH - LABELS - 110) / Math.max(...drawn.map(({ cpu_us }) => cpu_us));
  const parts: string[] = [];
  let y = 8;
  for (const workload of WORKLOADS) {
    y += TITLE;
    parts.push(`<text x="0" y="${y - 8}" ${FONT} font-weight="600" fill="#57606a">${TITLES[workload]}</text>`);
    for (const result of drawn.filter(({ work }) => work === workload)) {
      parts.push(bar(result, y, result.cpu_us * unit));
      y += BAR + GAP;
    }
  }
  const height = y + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>CPU time per request in microseconds, and its ratio to a bare proxy</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${parts.join("\n")}
</svg>
`;
}

function bar({ gateway, cpu_us, ratio_to_bare }: BenchResult, y: number, width: number): string {
  const fill = gateway.startsWith("scopegate") ? "#0969da" : gateway.startsWith("bare") ? "#8c959f" : "#d4a72c";
  const baseline = y + BAR - 3;
  return [
    `<text x="${LABELS - 8}" y="${baseline}" ${FONT} text-anchor="end" fill="#24292f">${gateway}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${fill}"/>`,
    `<text x="${(LABELS + width + 6).toFixed(1)}" y="${baseline}" ${FONT} fill="#24292f">` +
      `${cpu_us.toFixed(0)} µs (${ratio_to_bare.toFixed(2)})</text>`,
  ].join("");
}

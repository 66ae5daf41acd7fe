import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Whether the functions below work: they read `/proc`, which only Linux has. */
export const CAN_MEASURE_PROCESSES = existsSync("/proc/self/task");

/**
 * CPU time in microseconds that a process and its living descendants have used. From `schedstat`, which counts
 * nanoseconds, because the ticks of `stat` are 10 ms long. Threads that have ended are not counted, so
 * differences are right only for servers that keep their threads.
 */
export function cpuMicroseconds(pid: number): number {
  let nanoseconds = 0;
  for (const process of family(pid)) {
    for (const thread of readdirSync(`/proc/${process}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${process}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    }
  }
  return nanoseconds / 1000;
}

/** Resident memory of a process and its living descendants, in MB (10^6 bytes). Shared pages count for each. */
export function residentMegabytes(pid: number): number {
  let kibibytes = 0;
  for (const process of family(pid)) {
    kibibytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${process}/status`, "utf8"))?.[1] ?? 0);
  }
  return (kibibytes * 1024) / 1e6;
}

function family(pid: number): number[] {
  const members = [pid];
  for (const member of members) {
    for (const thread of readdirSync(`/proc/${member}/task`)) {
      const children = readFileSync(`/proc/${member}/task/${thread}/children`, "utf8");
      members.push(...children.split(" ").filter(Boolean).map(Number));
    }
  }
  return members;
}

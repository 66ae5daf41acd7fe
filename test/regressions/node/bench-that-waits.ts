/** Starts workerd as the benches do, prints its process id, and waits to be interrupted. */
import { startWorkerd } from "../../bench/workerd.ts";

const script = "export default { fetch: () => new Response() };";
const { pid } = await startWorkerd({ name: "waits", script, vars: {} }, { date: "2026-08-01", flags: [] });
console.log(`workerd ${pid}`);
setInterval(() => {}, 1_000);

import type { Caller } from "./caller.ts";

/** The table of the sessions. */
export const SESSION_TABLES = ["CREATE TABLE IF NOT EXISTS mcp_sessions (id TEXT PRIMARY KEY, subject TEXT NOT NULL)"];

/** Begins a session of the caller. Returns its id. */
export async function beginSession({ db, subject }: Caller): Promise<string> {
  const id = crypto.randomUUID();
  await db.prepare("INSERT INTO mcp_sessions (id, subject) VALUES (?, ?)").bind(id, subject).run();
  return id;
}

/** Whether the caller has this session. Somebody else's session does not count: its id alone gives no access. */
export async function hasSession(id: string, { db, subject }: Caller): Promise<boolean> {
  const row = await db.prepare("SELECT 1 FROM mcp_sessions WHERE id = ? AND subject = ?").bind(id, subject).first();
  return row !== null;
}

/** Ends a session of the caller. */
export async function endSession(id: string, { db, subject }: Caller): Promise<void> {
  await db.prepare("DELETE FROM mcp_sessions WHERE id = ? AND subject = ?").bind(id, subject).run();
}

import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types/index.ts";
import type { MiddlewareHandler } from "hono";

/** The bindings of a Worker with one SQLite database. */
export interface DatabaseEnv {
  readonly DB: D1Database;
}

/** The rows that a new database starts with. */
export interface FirstRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/**
 * Middleware that prepares the database before an isolate serves its first request. It creates missing tables. It
 * inserts the first rows only into a new database, so that rows deleted later do not come back.
 */
export function withDatabase(
  schema: readonly string[],
  firstRows: readonly FirstRows[],
): MiddlewareHandler<{ Bindings: DatabaseEnv }> {
  let prepared = false;
  return async (c, next) => {
    if (!prepared) {
      // Concurrent first requests each run this transaction, because no request may await the I/O of another. Running
      // it again changes nothing.
      await prepare(c.env.DB, schema, firstRows);
      prepared = true;
    }
    await next();
  };
}

async function prepare(db: D1Database, schema: readonly string[], firstRows: readonly FirstRows[]): Promise<void> {
  await db.batch([
    ...schema.map((sql) => db.prepare(sql)),
    db.prepare("CREATE TABLE IF NOT EXISTS filled (at TEXT NOT NULL)"),
    ...firstRows.flatMap(({ table, rows }) => rows.map((row) => insertOnce(db, table, row))),
    db.prepare("INSERT INTO filled SELECT datetime('now') WHERE NOT EXISTS (SELECT 1 FROM filled)"),
  ]);
}

function insertOnce(db: D1Database, table: string, row: FirstRows["rows"][number]): D1PreparedStatement {
  const columns = Object.keys(row);
  const marks = columns.map(() => "?").join(", ");
  return db
    .prepare(`INSERT INTO ${table} (${columns.join(", ")}) SELECT ${marks} WHERE NOT EXISTS (SELECT 1 FROM filled)`)
    .bind(...Object.values(row));
}

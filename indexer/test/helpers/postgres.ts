import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A cluster of PostgreSQL of its own, on loopback, which is thrown away when it is closed. */
export interface Postgres {
  readonly port: number;
  /** Makes a database of this name; returns its URL. */
  readonly createDatabase: (name: string) => Promise<string>;
  /** Asks a database. @returns the first column of all rows, a line each */
  readonly query: (name: string, sql: string) => Promise<string>;
  /** Bytes that a database takes, indices included. */
  readonly sizeOf: (name: string) => Promise<number>;
  /** As `pg_ctl restart -m immediate` does: whatever was under way is cut off. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const FOLDERS = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);
// What a crash of the machine would lose is of no use to a test.
const SETTINGS = { fsync: "off", full_page_writes: "off", shared_buffers: "256MB", max_connections: "120" };
const run = promisify(execFile);

/** Where PostgreSQL 15 or newer has its programs; undefined where it is not installed. */
export function findPostgres(): string | undefined {
  return FOLDERS.find((folder) => existsSync(join(folder, "initdb")));
}

/** Makes a cluster and starts it. It does not run as root: for root the account `postgres` does it. */
export async function startPostgres(bin: string): Promise<Postgres> {
  const account = process.getuid?.() === 0 ? await findAccount("postgres") : undefined;
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-postgres-"));
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  const data = join(folder, "data");
  const options = { ...(account ?? {}), cwd: folder };
  await run(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], options);
  const port = await findFreePort();
  const settings = Object.entries({
    ...SETTINGS,
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
  });
  const args = settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const control = async (...verb: string[]) => {
    // Its output is not waited for: the server that it starts inherits it, and stays.
    const child = spawn(join(bin, "pg_ctl"), ["-D", data, "-w", ...verb], { ...options, stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number];
    if (code !== 0) throw new Error(`pg_ctl ${verb.join(" ")} ended with ${code}`);
  };
  const query = async (name: string, sql: string) => {
    const args = ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "-tAc", sql, name];
    return (await run(join(bin, "psql"), args, options)).stdout.trim();
  };
  await control("start", "-o", args.join(" "), "-l", join(folder, "log"));
  return {
    port,
    createDatabase: async (name) => {
      await run(join(bin, "createdb"), ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", name], options);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    query,
    sizeOf: async (name) => Number(await query(name, "SELECT pg_database_size(current_database())")),
    restart: async () => control("restart", "-m", "immediate", "-l", join(folder, "log")),
    close: async () => {
      await control("stop", "-m", "immediate");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findAccount(name: string): Promise<Account> {
  const read = async (flag: string) => Number((await run("id", [flag, name])).stdout);
  return { uid: await read("-u"), gid: await read("-g") };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

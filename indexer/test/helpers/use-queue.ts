import { type Postgres, findPostgres, startPostgres } from "./postgres.ts";
import { type RunningCommand, endProcess, startCommand } from "./running-command.ts";

/** PostgreSQL for the tests of a suite, with a queue of its own for each, and processes that end with the test. */
export function useQueue() {
  const commands: RunningCommand[] = [];
  let postgres: Postgres;
  let queue: string;
  let name: string;
  let count = 0;

  before(async function () {
    const programs = findPostgres();
    if (programs === undefined) {
      console.log("      skipped: it takes PostgreSQL 15 (.ci/install-peers)");
      return this.skip();
    }
    postgres = await startPostgres(programs);
  });

  after(async function () {
    await postgres?.close();
  });

  beforeEach(async function () {
    name = `queue${count++}`;
    queue = await postgres.createDatabase(name);
  });

  afterEach(async function () {
    await Promise.all(commands.splice(0).map(async (command) => endProcess(command, "SIGKILL")));
  });

  return {
    postgres: () => postgres,
    url: () => queue,
    query: async (sql: string) => postgres.query(name, sql),
    /** Starts the command with the queue of the test. */
    start: (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
      const command = startCommand([...args, "--queue", queue], environment);
      commands.push(command);
      return command;
    },
  };
}

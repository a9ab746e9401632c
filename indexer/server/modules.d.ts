// The little that is used of packages that bring no types, or that the root of this repository does not install.
declare module "pg" {
  interface Result {
    readonly rows: Record<string, unknown>[];
  }
  class Client {
    constructor(options: { readonly connectionString: string });
    connect(): Promise<void>;
    query(text: string, values?: readonly unknown[]): Promise<Result>;
    end(): Promise<void>;
  }
  class Pool {
    constructor(options: {
      readonly connectionString: string;
      readonly max: number;
      readonly statement_timeout: number;
    });
    on(event: "error", listener: (error: Error) => void): void;
    query(text: string, values?: readonly unknown[]): Promise<Result>;
    end(): Promise<void>;
  }
  const pg: { readonly Client: typeof Client; readonly Pool: typeof Pool };
  export default pg;
}

declare module "@electric-sql/pglite" {
  class PGlite {
    constructor(folder: string);
    readonly waitReady: Promise<void>;
    query(text: string, values: unknown[]): Promise<{ readonly rows: unknown[] }>;
    close(): Promise<void>;
  }
}

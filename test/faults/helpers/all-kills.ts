/**
 * Whether every point at which a publisher can be killed is tried with a process: `npm run test:faults`. Else some are;
 * all of them are tried without a process by death.test.ts.
 */
export const WITH_ALL_KILLS = process.env["FAULTS"] === "all";

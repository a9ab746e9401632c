import { z } from "zod";

/** The version of the lines that are exchanged. */
export const PROTOCOL = 1;

const callSchema = z.strictObject({
  id: z.int().nonnegative(),
  args: z.array(z.string()),
  folder: z.string(),
  environment: z.record(z.string(), z.string()),
});
const cancelSchema = z.strictObject({ cancel: z.int().nonnegative() });
/** A line from who calls. */
export const requestSchema = z.union([callSchema, cancelSchema]);

/** The command line of a verb, as typed in a folder with an environment; `id` goes back with the answer. */
export type Call = z.infer<typeof callSchema>;

/** What a call came to: what the command printed, and its exit code. */
export interface CallAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

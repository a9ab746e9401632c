import { ProvenanceError } from "../../src/base/errors.ts";

/** The code that an action fails with; "no error" when it succeeds. Any other error goes through. */
export async function errorCode(action: () => unknown): Promise<string> {
  try {
    await action();
    return "no error";
  } catch (error) {
    if (error instanceof ProvenanceError) return error.code;
    throw error;
  }
}

/** Name of the claim file in a model's folder; beside a single file it follows the file's name. */
export const CLAIM_NAME = "model-provenance.json";

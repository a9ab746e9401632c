import { mapAtOnce } from "../../../src/base/concurrency.ts";
import { openDatabase } from "../../server/documents/database.ts";
import { Documents } from "../../server/documents/documents.ts";
import type { Metadata } from "../../server/library.ts";
import { metadataDigestOf } from "./fill-registry.ts";

const AT_ONCE = 8;
const WORDS = ["encoder", "decoder", "translates", "summarises", "classifies", "speech", "images", "code", "proteins"];

/** Writes a document for each of the models with which a registry was filled, as the server's worker does. */
export async function fillDocuments(databaseUrl: string, models: number): Promise<void> {
  const database = await openDatabase(databaseUrl, "");
  const documents = new Documents(database);
  await mapAtOnce(
    Array.from({ length: models }, (_, number) => number),
    AT_ONCE,
    async (number) => documents.add(metadataDigestOf(number), describe(number)),
  );
  await database.close();
}

function describe(number: number): Metadata {
  const words = WORDS.filter((_, i) => (number >> i) % 2 === 1);
  const description = `Model number${number} of topic${number % 10}: ${words.join(" ")}.`;
  const provenance = { framework: { name: "PyTorch" }, license: "MIT", version: `1.${number}` };
  return { name: `lab-${number % 1000}/model-${number}`, description, provenance } as unknown as Metadata;
}

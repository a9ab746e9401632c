import type { BatchProof, Metadata } from "../library.ts";
import { toHex32 } from "../../lib/question.ts";
import type { Database, Row } from "./database.ts";
import { describeDocument } from "./describe-document.ts";

/** A batch that holds a model, as its directory proves. */
export interface AnchoredModel {
  readonly registry: string;
  readonly root: string;
  readonly creator: string;
  readonly tokenId: string;
}

/** A batch, as its event names it. */
export interface Batch {
  readonly registry: string;
  readonly root: `0x${string}`;
  readonly creator: string;
  readonly contentDigest: `0x${string}`;
}

/** A document that a search found. */
export interface FoundDocument {
  readonly metadataDigest: string;
  readonly summary: unknown;
}

/** How many documents and models in batches there are, and how many are still to be read or could not be. */
export interface DocumentCounts {
  readonly documents: number;
  readonly anchoredModels: number;
  readonly waiting: number;
  readonly failing: number;
}

// Of words that more documents hold, or a parent that more models name, not all are compared: how long that takes would grow
// with their number.
const MOST_COMPARED = 10_000;
// Counting goes through all of them, and whoever watches the server asks often.
const COUNT_LASTS = 2000;

/** Keeps documents by their digests: content never changes, so that nothing is written twice and nothing is taken back. */
export class Documents {
  readonly #database: Database;
  #counted: { readonly at: number; readonly counts: Promise<DocumentCounts> } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(metadataDigest: string, metadata: Metadata): Promise<void> {
    const { name, summary, words } = describeDocument(metadata);
    await this.#database.query(
      `INSERT INTO provenance_documents.document (metadata_digest, name, summary, words) VALUES ($1, $2, $3,
         setweight(to_tsvector('simple', $4), 'A') || setweight(to_tsvector('simple', $5), 'B') ||
         setweight(to_tsvector('simple', $6), 'C') || setweight(to_tsvector('english', $7), 'D'))
       ON CONFLICT DO NOTHING`,
      [metadataDigest, name, JSON.stringify(summary), ...words],
    );
  }

  async addAnchored({ registry, root, creator }: Batch, proofs: readonly BatchProof[]): Promise<void> {
    const rows = proofs.map(({ submission }) => ({
      token_id: toHex32(submission.modelDigest),
      metadata_digest: submission.metadataDigest.toLowerCase(),
      weights_digest: submission.weightsDigest.toLowerCase(),
      license: submission.license.replaceAll("\0", "\uFFFD"),
      relation: submission.relation,
      parents: submission.parents.map(toHex32),
    }));
    await this.#database.query(
      `INSERT INTO provenance_documents.anchored_model
         SELECT $1, $2, $3, token_id, metadata_digest, weights_digest, license, relation, parents
         FROM jsonb_to_recordset($4::jsonb) AS row(token_id text, metadata_digest text, weights_digest text,
           license text, relation integer, parents text[])
       ON CONFLICT DO NOTHING`,
      [registry, root, creator.toLowerCase(), JSON.stringify(rows)],
    );
  }

  /** The documents that hold words, the best first. */
  async search(words: string, limit: number): Promise<FoundDocument[]> {
    const rows = await this.#database.query(
      `SELECT metadata_digest, summary FROM (
         SELECT metadata_digest, summary, ts_rank(words, asked) AS rank FROM provenance_documents.document,
           (SELECT websearch_to_tsquery('simple', $1) || websearch_to_tsquery('english', $1) AS asked) AS question
         WHERE words @@ asked LIMIT $3) AS found
       ORDER BY rank DESC, metadata_digest LIMIT $2`,
      [words, limit, MOST_COMPARED],
    );
    return rows.map((row) => ({ metadataDigest: String(row["metadata_digest"]), summary: row["summary"] }));
  }

  /** The batches in which models are, by ids, digests of metadata or weights, or parents. */
  async findAnchored(
    by: "token_id" | "metadata_digest" | "weights_digest" | "parents",
    values: readonly string[],
    limit: number,
  ): Promise<(AnchoredModel & { readonly metadataDigest: string })[]> {
    const condition = by === "parents" ? "parents && $1" : `${by} = ANY($1)`;
    const rows = await this.#database.query(
      `SELECT * FROM (
         SELECT registry, root, creator, token_id, metadata_digest FROM provenance_documents.anchored_model
         WHERE ${condition} LIMIT $3) AS found
       ORDER BY token_id, registry, root, creator LIMIT $2`,
      [values, limit, MOST_COMPARED],
    );
    return rows.map(toAnchored);
  }

  /** How many there are; as many as there were up to two seconds ago. */
  async count(): Promise<DocumentCounts> {
    const now = performance.now();
    if (this.#counted === undefined || now - this.#counted.at > COUNT_LASTS) {
      this.#counted = { at: now, counts: this.#count() };
    }
    return this.#counted.counts;
  }

  async #count(): Promise<DocumentCounts> {
    const [row] = await this.#database.query(
      `SELECT (SELECT count(*) FROM provenance_documents.document) AS documents,
              (SELECT count(*) FROM provenance_documents.anchored_model) AS anchored,
              (SELECT count(*) FROM provenance_documents.task WHERE NOT done) AS waiting,
              (SELECT count(*) FROM provenance_documents.task WHERE NOT done AND tries > 0) AS failing`,
    );
    const number = (name: string) => Number(row?.[name] ?? 0);
    return {
      documents: number("documents"),
      anchoredModels: number("anchored"),
      waiting: number("waiting"),
      failing: number("failing"),
    };
  }
}

function toAnchored(row: Row): AnchoredModel & { readonly metadataDigest: string } {
  const text = (name: string) => String(row[name]);
  return {
    registry: text("registry"),
    root: text("root"),
    creator: text("creator"),
    tokenId: text("token_id"),
    metadataDigest: text("metadata_digest"),
  };
}

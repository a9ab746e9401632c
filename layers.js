/**
 * The layers of src/, lowest first: a file may import from its own layer and from those of a lower rank, types included.
 * Lint, the test for circles, the test that bundles what runs anywhere, and the table of docs/architecture.md all read
 * this array, so that the order stands in one place.
 *
 * `anywhere` names the files of a layer, by globs below its folder, that run in a browser too: no `node:` import, no Buffer,
 * effects passed in. src/core.ts exports from them alone.
 */
export const LAYERS = [
  {
    name: "base",
    rank: 0,
    does: "errors, hex, files written whole, locks, requests over HTTP, doing many things at once",
    anywhere: [
      "address.ts",
      "byte-range.ts",
      "bytes.ts",
      "concurrency.ts",
      "deadline.ts",
      "errors.ts",
      "hex.ts",
      "merkle-tree.ts",
      "node/node-error.ts",
      "node/node-words.ts",
      "url-secrets.ts",
      "visible-name.ts",
    ],
  },
  {
    name: "content",
    rank: 1,
    does: "content addresses and where content is kept: CIDs, CAR, UnixFS, stores, gateways nobody has to trust",
    anywhere: ["cid.ts", "unixfs/read-dag.ts", "unixfs/unixfs-file.ts", "unixfs/unixfs-folder.ts"],
  },
  {
    name: "model",
    rank: 2,
    does: "files to digests: lists a folder, hashes it with all cores, reads headers and tensors, OMS bundles, the claim",
    anywhere: ["manifest.ts", "manifest-tree.ts", "model-cid.ts", "relation.ts", "resource.ts", "resource-name.ts"],
  },
  {
    name: "metadata",
    rank: 3,
    does: "what is said of a model: schema, canonical JSON, card and header facts, picture, signature",
    anywhere: [
      "canonical-json.ts",
      "denied-licenses.ts",
      "did-*.ts",
      "json-*.ts",
      "license*.ts",
      "manifest-entry.ts",
      "publisher-statement.ts",
      "read-metadata.ts",
      "relation-of.ts",
      "schema.ts",
      "signature.ts",
    ],
  },
  {
    name: "registry",
    rank: 4,
    does: "the contract from outside: records, events, statuses, batches, lineage, state proofs; alone knows the generated types",
    anywhere: [
      "*-error.ts",
      "ancestry.ts",
      "batches/anchors.ts",
      "batches/batch-files.ts",
      "batches/batch-tree.ts",
      "batches/find-proofs.ts",
      "batches/list-batches.ts",
      "block-ranges.ts",
      "check-signature.ts",
      "endorsements.ts",
      "explain-revert.ts",
      "lenient-interface.ts",
      "lineage/record-history.ts",
      "lineage/stated-origin.ts",
      "lineage/walk-ancestors.ts",
      "model-record.ts",
      "networks.ts",
      "other-contract.ts",
      "publishers/find-publisher.ts",
      "publishers/publisher.ts",
      "publishers/publisher-sources.ts",
      "read-events.ts",
      "registry-code.ts",
      "registry.ts",
      "roles.ts",
      "royalties.ts",
      "statuses.ts",
      "submission.ts",
      "submission-json.ts",
      "to-submission.ts",
      "versions.ts",
    ],
  },
  {
    name: "publish",
    rank: 5,
    does: "joins the stages for a publisher: submissions, plan, sending, journal; all that changes a registry",
  },
  {
    name: "verify",
    rank: 5,
    does: "joins the stages for a verifier: evidence, comparison, checks, policy, verdict, other people's tokens",
    anywhere: [
      "ask-chain.ts",
      "checks/*.ts",
      "compare-digests.ts",
      "compare-resources.ts",
      "conclude.ts",
      "evidence.ts",
      "find-anchored.ts",
      "find-contradictions.ts",
      "findings.ts",
      "locate.ts",
      "pipeline.ts",
      "policy/judge.ts",
      "possible-roots.ts",
      "recalls.ts",
      "report.ts",
      "request.ts",
      "statement.ts",
      "ways.ts",
    ],
  },
  {
    name: "fetch",
    rank: 6,
    does: "joins the stages for who downloads a published model",
  },
  {
    name: "hub",
    rank: 6,
    does: "models of the Hugging Face Hub: read without their weights, recorded in batches, watched",
  },
  {
    name: "gate",
    rank: 6,
    does: "serves a verified model or an endpoint to who may use the token: sign-in, sessions, downloads, proxy",
  },
  {
    name: "exports",
    rank: 6,
    does: "one record in the forms that other people's tools read",
    anywhere: ["*.ts", "cyclonedx/*.ts"],
  },
  {
    name: "cli",
    rank: 7,
    does: "options (each flag and its environment twin declared once), printing, exit codes, one command a file",
  },
];

/** The layers that a file of this layer may not import from. */
export function layersAbove(name) {
  const { rank } = LAYERS.find((layer) => layer.name === name);
  return LAYERS.filter((layer) => layer.name !== name && layer.rank >= rank).map((layer) => layer.name);
}

/** The files of all layers that run anywhere, as globs below src/; src/core.ts among them. */
export const ANYWHERE = [
  ...LAYERS.flatMap(({ name, anywhere = [] }) => anywhere.map((glob) => `${name}/${glob}`)),
  "core.ts",
];

import { createHash } from "node:crypto";
import {
  FILES,
  type OmsVector,
  type Resource,
  bundleOf,
  makeSigner,
  resourcesOf,
  rootOf,
  sha256,
  statementOf,
} from "./vector.ts";

const signer = makeSigner();
const resources = resourcesOf(FILES);
const [first, second] = resources as [Resource, Resource];
const valid = statementOf(resources);

/** Statements in the forms that clients write, and broken ones. */
export function statementVectors(): OmsVector[] {
  return [...accepted(), ...refusedStatements(), ...refusedNames(), ...refusedSerializations()];
}

function accepted(): OmsVector[] {
  const byComponent = { "a/x": "1", "a-b/x": "2", "a.txt": "3" };
  const byCodePoint = { "a-b/x": "2", "a.txt": "3", "a/x": "1" };
  const astral = { "\uff5e": "full-width tilde", "\u{1f600}": "astral" };
  const blake2b = [{ name: "a", algorithm: "blake2b", digest: createHash("blake2b512").update("text").digest("hex") }];
  return [
    vector("names in the order of Python's client", statementOf(resourcesOf(byComponent)), { files: byComponent }),
    vector("names in the order of code points", statementOf(resourcesOf(byCodePoint)), { files: byCodePoint }),
    vector("names outside the basic plane", statementOf(resourcesOf(astral)), { files: astral }),
    vector("a resource with more fields", statementOf([{ ...first, size: 2 } as Resource, second])),
    vector("a subject with more digests", {
      ...valid,
      subject: [{ name: "x", digest: { sha256: rootOf(resources), sha512: "00" }, annotations: {} }],
    }),
    vector("files hashed with BLAKE2b", statementOf(blake2b, { hash_type: "blake2b" }), { files: { a: "text" } }),
    vector("on one line", JSON.stringify(valid)),
  ];
}

function refusedStatements(): OmsVector[] {
  const blake3 = statementOf(
    resources.map((resource) => ({ ...resource, algorithm: "blake3" })),
    {
      hash_type: "blake3",
    },
  );
  return [
    refused("no JSON", "{"),
    refused("another statement type", { ...valid, _type: "https://in-toto.io/Statement/v0.1" }),
    refused("another predicate", { ...valid, predicateType: "https://slsa.dev/provenance/v1" }),
    refused("no predicate", { ...valid, predicate: undefined }),
    refused("a property too many in the statement", { ...valid, comment: "" }),
    refused("a property too many in the predicate", { ...valid, predicate: { ...valid.predicate, comment: "" } }),
    refused("no subject", { ...valid, subject: [] }),
    refused("two subjects", { ...valid, subject: [...valid.subject, ...valid.subject] }),
    refused("a subject without a name", { ...valid, subject: [{ name: "", digest: { sha256: rootOf(resources) } }] }),
    refused("a subject without SHA-256", { ...valid, subject: [{ name: "x", digest: { sha512: "00" } }] }),
    refused("another root digest", { ...valid, subject: [{ name: "x", digest: { sha256: sha256("") } }] }),
    refused("no resources", statementOf([])),
    refused("a digest in capitals", statementOf([{ ...first, digest: first.digest.toUpperCase() }, second])),
    refused("a digest that is too short", statementOf([{ ...first, digest: first.digest.slice(2) }, second])),
    refused("an algorithm that is not the statement's", statementOf([{ ...first, algorithm: "blake2b" }, second])),
    { ...refused("files hashed with BLAKE3", blake3), expected: "OMS_UNSUPPORTED" },
  ];
}

function refusedNames(): OmsVector[] {
  const named = (name: string) => statementOf([{ ...first, name }, second]);
  return [
    refused("a name twice", statementOf([first, first])),
    ...["../config.json", "a/../config.json", "..", "/config.json", "./config.json", "a//b", "a/", "a/./b", "a\0b"].map(
      (name) => refused(`the name ${JSON.stringify(name)}`, named(name)),
    ),
    refused("an empty name", named("")),
    refused("a name that is no Unicode", JSON.stringify(named("SURROGATE")).replace("SURROGATE", "\\ud800")),
  ];
}

function refusedSerializations(): OmsVector[] {
  const serialized = (description: string, serialization: object) =>
    refused(description, statementOf(resources, serialization));
  return [
    serialized("an unknown method", { method: "chunks" }),
    serialized("an unknown hash function", { hash_type: "md5" }),
    serialized("no word on symbolic links", { allow_symlinks: undefined }),
    serialized("a shard size where files are whole", { shard_size: 8 }),
    serialized("no shard size where files are cut", { method: "shards" }),
    serialized("a shard size of zero", { method: "shards", shard_size: 0 }),
    serialized("a shard size with a fraction", { method: "shards", shard_size: 8.5 }),
    serialized("shards without byte ranges", { method: "shards", shard_size: 8 }),
    serialized("a property too many", { comment: "" }),
    ...["../x", "/x", "a/../b", "*.tmp", "cache?", "a[b]", ".", ""].map((path) =>
      serialized(`the ignored path ${JSON.stringify(path)}`, { ignore_paths: [path] }),
    ),
  ];
}

function vector(description: string, statement: object | string, more: Partial<OmsVector> = {}): OmsVector {
  const { publicKeyPem } = signer;
  return {
    description,
    files: FILES,
    bundle: bundleOf(signer, statement),
    publicKeyPem,
    expected: "verified",
    ...more,
  };
}

function refused(description: string, statement: object | string): OmsVector {
  return vector(description, statement, { expected: "OMS_BUNDLE_INVALID" });
}

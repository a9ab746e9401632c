import { availableParallelism } from "node:os";
import { processor } from "../hash/measure.ts";
import { MODEL_BYTES } from "./files.ts";
import type { Times } from "./measure.ts";

/** A ratio of speeds; what we set ourselves, where we did; undefined where the peer is not installed. */
export interface Ratio {
  readonly what: string;
  readonly value: number | undefined;
  readonly goal?: number;
}

const WORDS: Readonly<Record<string, string>> = {
  folderCid: "CID of the folder",
  folderCidAndDigests: "CID and SHA-256 of all files",
  exportKnown: "store export, digests known",
  exportHashing: "archive of a folder, hashing",
  importCar: "store import",
  cp: "cp",
  cpSynced: "cp, brought to the disk",
  ipfsOnlyHash: "ipfs add --only-hash",
  ipfsAdd: "ipfs add",
  ipfsDagExport: "ipfs dag export",
  ipfsDagImport: "ipfs dag import",
};

/** How often as fast as the peer, in the same run. */
export function toRatios(times: Times): Ratio[] {
  const ratio = (ours: string, peer: string) => {
    const [our, their] = [times[ours], times[peer]];
    return our === undefined || their === undefined ? undefined : their / our;
  };
  return [
    {
      what: "folder CID, against ipfs add --only-hash",
      value: ratio("folderCid", "ipfsOnlyHash"),
      goal: 1.5,
    },
    { what: "CID and all SHA-256, against ipfs add --only-hash", value: ratio("folderCidAndDigests", "ipfsOnlyHash") },
    {
      what: "export with known digests, against cp brought to the disk",
      value: ratio("exportKnown", "cpSynced"),
      goal: 0.8,
    },
    {
      what: "archive with hashing, against cp brought to the disk",
      value: ratio("exportHashing", "cpSynced"),
      goal: 0.7,
    },
    { what: "export with known digests, against cp", value: ratio("exportKnown", "cp") },
    { what: "archive with hashing, against the hash alone", value: ratio("exportHashing", "folderCidAndDigests") },
    { what: "archive with hashing, against ipfs add", value: ratio("exportHashing", "ipfsAdd") },
    { what: "export, against ipfs dag export", value: ratio("exportKnown", "ipfsDagExport") },
    { what: "import, against ipfs dag import", value: ratio("importCar", "ipfsDagImport"), goal: 1.2 },
    { what: "import, against cp brought to the disk", value: ratio("importCar", "cpSynced") },
  ];
}

/** Tells whether every goal that could be measured was met. */
export function allMet(ratios: readonly Ratio[]): boolean {
  return ratios.every(({ value, goal }) => value === undefined || goal === undefined || value >= goal);
}

/** What a run found, for people. */
export function toTable(times: Times, ratios: readonly Ratio[]): string {
  const megabytes = MODEL_BYTES / 1e6;
  const lines = [
    `${processor()}, ${availableParallelism()} cores, Node ${process.version}; medians of five, warm`,
    "",
    `a model of 1 GiB in four files`,
  ];
  for (const [name, milliseconds] of Object.entries(times)) {
    const speed = Math.round(megabytes / (milliseconds / 1000));
    const words = (WORDS[name] ?? name).padEnd(30);
    lines.push(`  ${words} ${milliseconds.toFixed(0).padStart(7)} ms ${String(speed).padStart(6)} MB/s`);
  }
  lines.push("");
  for (const { what, value, goal } of ratios) {
    if (value === undefined) lines.push(`-             ${what}: not installed`);
    else if (goal === undefined) lines.push(`       ${value.toFixed(2)} × ${what}`);
    else lines.push(`${value >= goal ? "met   " : "MISSED"} ${value.toFixed(2)} × (goal ${goal}) ${what}`);
  }
  return lines.join("\n");
}

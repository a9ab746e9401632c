import { CHANGE_OPTIONS } from "../change-options.ts";
import { reading, sending } from "./change-verb.ts";
import type { Verb } from "./verb.ts";

const READ_OPTIONS = ["registryAddress", "chainId", "rpcUrl", "rpcTimeout", "format"] as const;
const AT = "--contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545";
const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** What admins, creators and owners change in a registry. */
export const ADMINISTRATION_VERBS: readonly Verb[] = [
  {
    name: "roles grant",
    summary: "give an account a role; of the role admin: name the next admin, who must accept",
    positionals: ["role", "account"],
    options: CHANGE_OPTIONS,
    examples: [`minter ${ACCOUNT} ${AT}`, `admin ${ACCOUNT} --chain-id 11155111 --keystore key.json --dry-run`],
    run: sending(async () => (await import("../commands/roles.ts")).runRolesGrant),
  },
  {
    name: "roles revoke",
    summary: "take a role from an account, or give up one's own; of the role admin: forget who was named",
    positionals: ["role", "account"],
    options: CHANGE_OPTIONS,
    examples: [`minter ${ACCOUNT} ${AT}`, `curator ${ACCOUNT} --yes --json`],
    run: sending(async () => (await import("../commands/roles.ts")).runRolesRevoke),
  },
  {
    name: "roles accept",
    summary: "take the administration over, as the account that was named, after the delay",
    positionals: [],
    options: CHANGE_OPTIONS,
    examples: [`${AT} --keystore new-admin.json`, "--dry-run"],
    run: sending(async () => (await import("../commands/roles.ts")).runRolesAccept),
  },
  {
    name: "roles list",
    summary: "list who has which role; no key is needed",
    positionals: [],
    options: ["role", "fromBlock", ...READ_OPTIONS],
    examples: [AT, "--role minter --from-block 9000000 --json"],
    run: reading(async () => (await import("../commands/roles.ts")).runRolesList),
  },
  {
    name: "status set",
    summary: "deprecate a model, lift that, or revoke it for ever",
    positionals: ["tokenId", "newStatus"],
    options: ["reason", ...CHANGE_OPTIONS],
    examples: [
      `0x2d6b… deprecated --reason "use 1.4.1" ${AT}`,
      './my-model revoked --reason "trained on leaked data" --max-cost 0.01',
    ],
    run: sending(async () => (await import("../commands/status.ts")).runStatusSet),
  },
  {
    name: "status set-batch",
    summary: "deprecate a whole anchored batch, lift that, or revoke it for ever",
    positionals: ["batchRoot", "newStatus"],
    options: ["batchCreator", "reason", ...CHANGE_OPTIONS],
    examples: [`0x88e9… deprecated --batch-creator ${ACCOUNT} ${AT}`],
    run: sending(async () => (await import("../commands/status.ts")).runStatusSetBatch),
  },
  {
    name: "endorse",
    summary: "confirm, as the owner of a model, that another comes from it; or take that back",
    positionals: ["tokenId", "childToken"],
    options: ["childRegistry", "withdraw", ...CHANGE_OPTIONS],
    examples: [
      `./my-model 0x77aa… ${AT}`,
      "0x2d6b… 0x77aa… --child-registry eip155:8453:0x5FbDB2315678afecb367f032d93F642f64180aa3",
      "0x2d6b… 0x77aa… --withdraw",
    ],
    run: sending(async () => (await import("../commands/endorse.ts")).runEndorse),
  },
  {
    name: "use grant",
    summary: "let an account use a model until a time, as its owner",
    positionals: ["tokenId", "account"],
    options: ["until", ...CHANGE_OPTIONS],
    examples: [`0x2d6b… ${ACCOUNT} --until 30d ${AT}`, `./my-model ${ACCOUNT} --until 2027-01-31T12:00Z --yes`],
    run: sending(async () => (await import("../commands/use.ts")).runUseGrant),
  },
  {
    name: "use revoke",
    summary: "take back what the owner of a model allowed an account",
    positionals: ["tokenId", "account"],
    options: CHANGE_OPTIONS,
    examples: [`0x2d6b… ${ACCOUNT} ${AT}`],
    run: sending(async () => (await import("../commands/use.ts")).runUseRevoke),
  },
  {
    name: "validator show",
    summary: "print the contract that every transfer asks (ERC-721C); no key is needed",
    positionals: [],
    options: READ_OPTIONS,
    examples: [AT],
    run: reading(async () => (await import("../commands/validator.ts")).runValidatorShow),
  },
  {
    name: "validator set",
    summary: "let every transfer of a token ask a contract (ERC-721C)",
    positionals: ["validator"],
    options: CHANGE_OPTIONS,
    examples: [`0x721C002B0059009a671D00aD1700c9748146cd1B ${AT}`],
    run: sending(async () => (await import("../commands/validator.ts")).runValidatorSet),
  },
  {
    name: "validator clear",
    summary: "let transfers ask nobody",
    positionals: [],
    options: CHANGE_OPTIONS,
    examples: [AT],
    run: sending(async () => (await import("../commands/validator.ts")).runValidatorClear),
  },
  {
    name: "renderer show",
    summary: "print the contract that draws the tokens, and whether it can change; no key is needed",
    positionals: [],
    options: READ_OPTIONS,
    examples: [AT],
    run: reading(async () => (await import("../commands/renderer.ts")).runRendererShow),
  },
  {
    name: "renderer set",
    summary: "let a contract draw the tokens",
    positionals: ["renderer"],
    options: CHANGE_OPTIONS,
    examples: [`0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512 ${AT}`],
    run: sending(async () => (await import("../commands/renderer.ts")).runRendererSet),
  },
  {
    name: "renderer clear",
    summary: "let nothing draw the tokens",
    positionals: [],
    options: CHANGE_OPTIONS,
    examples: [AT],
    run: sending(async () => (await import("../commands/renderer.ts")).runRendererClear),
  },
  {
    name: "renderer lock",
    summary: "keep what draws the tokens for ever",
    positionals: [],
    options: CHANGE_OPTIONS,
    examples: [`${AT} --dry-run`],
    run: sending(async () => (await import("../commands/renderer.ts")).runRendererLock),
  },
];

import tseslint from "typescript-eslint";

// Readers of headers may know what a resource is, and nothing else of the model.
const MODEL_BUT_RESOURCE = ["../model/*", "!../model/resource.ts"];

// Which room may not look into which: data flows state, hashing, store, formats -> model -> tensors -> metadata -> chain ->
// pack -> publish, verify, lineage -> policy, foreign, fetch, hub, gate -> cli; oms stands beside metadata, on hashing and model
// alone; gateways are a way to read what a store holds, and known to the command line alone.
const ABOVE_CHAIN = ["publish", "verify", "lineage", "policy", "foreign", "fetch", "hub", "gate", "gateways", "cli"];
const ABOVE_METADATA = ["chain", "pack", ...ABOVE_CHAIN];
const ROOMS_BELOW = {
  state: ["hashing", "store", "model", "oms", "formats", "tensors", "metadata", ...ABOVE_METADATA],
  hashing: ["state", "model", "oms", "formats", "tensors", "metadata", "store", ...ABOVE_METADATA],
  store: ["state", "hashing", "model", "oms", "formats", "tensors", "metadata", ...ABOVE_METADATA],
  gateways: [
    "state",
    "hashing",
    "model",
    "oms",
    "formats",
    "tensors",
    "metadata",
    ...ABOVE_METADATA.filter((room) => room !== "gateways"),
  ],
  formats: ["state", ...MODEL_BUT_RESOURCE, "hashing", "oms", "tensors", "metadata", "store", ...ABOVE_METADATA],
  model: ["state", "oms", "formats", "tensors", "metadata", ...ABOVE_METADATA],
  tensors: ["state", "oms", "metadata", "store", ...ABOVE_METADATA],
  oms: ["state", "formats", "tensors", "store", "metadata", ...ABOVE_METADATA],
  metadata: ["state", "oms", ...ABOVE_METADATA],
  chain: ["oms", "pack", ...ABOVE_CHAIN],
  pack: ["state", "oms", ...ABOVE_CHAIN],
  publish: ["verify", "lineage", "policy", "foreign", "fetch", "hub", "gate", "gateways", "cli"],
  verify: ["state", "publish", "lineage", "policy", "foreign", "fetch", "hub", "gate", "gateways", "cli"],
  lineage: ["state", "oms", "publish", "verify", "policy", "foreign", "fetch", "hub", "gate", "gateways", "cli"],
  policy: ["state", "oms", "publish", "foreign", "fetch", "hub", "gate", "gateways", "cli"],
  foreign: ["state", "oms", "publish", "lineage", "policy", "fetch", "hub", "gate", "cli"],
  fetch: ["state", "oms", "publish", "lineage", "policy", "foreign", "hub", "gate", "gateways", "cli"],
  hub: ["policy", "foreign", "fetch", "gate", "gateways", "cli"],
  gate: ["state", "oms", "publish", "lineage", "policy", "foreign", "fetch", "hub", "gateways", "cli"],
  cli: [],
};

const LIBRARY_FORBIDS = [
  { group: ["hardhat", "hardhat/*", "@nomicfoundation/*"], message: "The library runs without Hardhat." },
  {
    group: ["dotenv", "**/scripts/**", "**/test/**", "**/bench/**"],
    message: "The library knows nothing of its users.",
  },
];
const TYPECHAIN = {
  group: ["**/typechain-types/**", "**/artifacts/**"],
  message: "What the compiler makes is used in src/chain only.",
};

const roomRules = Object.entries(ROOMS_BELOW).map(([room, below]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...LIBRARY_FORBIDS,
          ...(room === "chain" ? [] : [TYPECHAIN]),
          ...(below.length === 0
            ? []
            : [
                {
                  group: below.flatMap((other) =>
                    /[*!]/.test(other) ? other : [`../${other}/**`, `../../${other}/**`],
                  ),
                  message: "Data flows the other way.",
                },
              ]),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      "node_modules",
      "artifacts",
      "cache",
      "coverage",
      "dist",
      "typechain-types",
      "ignition/deployments",
      ".ci/peers",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowNullish: true }],
      // Node strips types and runs the rest: what needs compiling cannot stand here.
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration, TSModuleDeclaration, TSParameterProperty", message: "Node cannot strip this." },
      ],
      eqeqeq: "error",
      "prefer-const": ["error", { destructuring: "all" }],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/cli/**"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Options come in as arguments." },
        { object: "process", property: "stdout", message: "The library prints nothing." },
        { object: "process", property: "stderr", message: "The library prints nothing." },
      ],
    },
  },
  { files: ["src/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: [...LIBRARY_FORBIDS, TYPECHAIN] }] } },
  ...roomRules,
  {
    files: ["bench/**/*.ts", "examples/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["**/src/**"], message: "Use the library by its public name, model-provenance-nft." }] },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off", // chai's assertions are properties
      "@typescript-eslint/require-await": "off", // stand-ins answer at once where the real thing waits
      "@typescript-eslint/unbound-method": "off", // the network helpers are made to be taken apart
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);

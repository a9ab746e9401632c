import tseslint from "typescript-eslint";
import { ANYWHERE, LAYERS, layersAbove } from "./layers.js";

const LIBRARY_FORBIDS = [
  { group: ["hardhat", "hardhat/*", "@nomicfoundation/*"], message: "The library runs without Hardhat." },
  {
    group: ["dotenv", "**/scripts/**", "**/test/**", "**/bench/**"],
    message: "The library knows nothing of its users.",
  },
];
const TYPECHAIN = {
  group: ["**/typechain-types/**", "**/artifacts/**"],
  message: "What the compiler makes is used in src/registry only.",
};
const CANNOT_STRIP = {
  selector: "TSEnumDeclaration, TSModuleDeclaration, TSParameterProperty",
  message: "Node cannot strip this.",
};
const KEEPS_ANSWERS = {
  selector: "NewExpression[callee.name='JsonRpcProvider']",
  message: "It repeats answers that may have changed. Use nodeAt.",
};

const layerRules = LAYERS.map(({ name }) => {
  const above = layersAbove(name);
  return {
    files: [`src/${name}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...LIBRARY_FORBIDS,
            ...(name === "registry" ? [] : [TYPECHAIN]),
            ...(above.length === 0
              ? []
              : [
                  {
                    group: above.flatMap((other) => [1, 2, 3].map((depth) => `${"../".repeat(depth)}${other}/**`)),
                    message: "Data flows the other way: layers.js has the order.",
                  },
                ]),
          ],
        },
      ],
    },
  };
});

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
      "python/src",
      // Ponder's own part has types that only its packages know: npm run check:types --prefix indexer.
      "indexer/schema",
      "indexer/src",
      "indexer/ponder.*.ts",
      "indexer/**/*.d.ts",
      "indexer/node_modules",
      "indexer/generated",
      "indexer/.ponder",
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
      "no-restricted-syntax": ["error", CANNOT_STRIP],
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
  ...layerRules,
  {
    files: ANYWHERE.map((glob) => `src/${glob}`),
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ group: ["node:*"], message: "This runs in a browser, too.", allowTypeImports: true }] },
      ],
      "no-restricted-globals": ["error", "Buffer", "process"],
    },
  },
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
    files: ["web/src/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["**/src/**", "ethers", "node:*"], message: "Use model-provenance-nft/core." }] },
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
  {
    files: ["test/**/*.ts"],
    ignores: ["test/helpers/node-at.ts"],
    rules: { "no-restricted-syntax": ["error", CANNOT_STRIP, KEEPS_ANSWERS] },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);

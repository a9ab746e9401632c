/** The special tokens of a tokenizer by their roles, in the order of `special_tokens_map`. */
export type SpecialTokens = Readonly<Record<string, string | readonly string[]>>;

/** What says which tokens are special, the surest first. */
export interface TokenSources {
  /** `special_tokens_map.json`. */
  readonly map?: Readonly<Record<string, unknown>> | undefined;
  /** `tokenizer_config.json`. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** The API's `config.tokenizer_config`. */
  readonly api?: Readonly<Record<string, unknown>> | undefined;
  /** `model_type` of `config.json`. */
  readonly modelType?: string | undefined;
}

const ROLES = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"] as const;
const ADDITIONAL = "additional_special_tokens";
// What transformers calls them from its version 5 on.
const EXTRA = "extra_special_tokens";
const MAX_TOKEN = 256;
const MAX_ADDITIONAL = 1000;
const T5_EXTRA_IDS = 100;

type Defaults = Readonly<Record<string, string | readonly string[]>>;

const BERT: Defaults = {
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};
const ROBERTA: Defaults = {
  bos_token: "<s>",
  eos_token: "</s>",
  unk_token: "<unk>",
  sep_token: "</s>",
  pad_token: "<pad>",
  cls_token: "<s>",
  mask_token: "<mask>",
};
/** What the tokenizer classes of transformers bring along where no file says anything else. */
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  bert: BERT,
  distilbert: BERT,
  albert: {
    bos_token: "[CLS]",
    eos_token: "[SEP]",
    unk_token: "<unk>",
    sep_token: "[SEP]",
    pad_token: "<pad>",
    cls_token: "[CLS]",
    mask_token: "[MASK]",
  },
  gpt2: { bos_token: "<|endoftext|>", eos_token: "<|endoftext|>", unk_token: "<|endoftext|>" },
  roberta: ROBERTA,
  t5: { eos_token: "</s>", unk_token: "<unk>", pad_token: "<pad>" },
};

/**
 * Finds the special tokens of a tokenizer, role by role: as the first source says that says anything of the role (null
 * says "none"), else as its class in transformers has them.
 *
 * @returns undefined where there is no source and the class is not known: nothing is invented
 */
export function findSpecialTokens(sources: TokenSources): SpecialTokens | undefined {
  const { map, config, api } = sources;
  const defaults = DEFAULTS[tokenizerKind(sources) ?? ""];
  const said = [map, config, api].filter((source) => source !== undefined);
  if (said.length === 0 && defaults === undefined) return undefined;
  const tokens: Record<string, string | readonly string[]> = {};
  for (const role of ROLES) {
    const source = said.find((candidate) => Object.hasOwn(candidate, role));
    const token = source === undefined ? defaults?.[role] : tokenOf(source[role]);
    if (token !== undefined) tokens[role] = token;
  }
  const additional = findAdditional(sources, said);
  if (additional !== undefined && additional.length > 0) tokens[ADDITIONAL] = additional;
  return tokens;
}

/** The kind of tokenizer that transformers would load: `t5`, `bert`, …; undefined where nothing says. */
export function tokenizerKind({ config, api, modelType }: TokenSources): string | undefined {
  const named = [config, api].map((source) => source?.["tokenizer_class"]).find((name) => typeof name === "string");
  const kind = named?.replace(/Tokenizer(Fast)?$/, "").toLowerCase() ?? modelType?.toLowerCase();
  if (kind === "mt5" || kind === "umt5" || kind === "longt5") return "t5";
  return kind;
}

/** How many `<extra_id_n>` a T5 tokenizer has; 0 for all others. */
export function extraIdsOf(sources: TokenSources): number {
  if (tokenizerKind(sources) !== "t5") return 0;
  const said = [sources.config, sources.api]
    .map((source) => source?.["extra_ids"])
    .find((value) => value !== undefined);
  if (said === undefined) return T5_EXTRA_IDS;
  return typeof said === "number" && Number.isInteger(said) && said >= 0 && said <= MAX_ADDITIONAL ? said : 0;
}

function findAdditional(sources: TokenSources, said: readonly Readonly<Record<string, unknown>>[]) {
  for (const source of said) {
    for (const name of [ADDITIONAL, EXTRA]) {
      if (Array.isArray(source[name])) return tokensOf(source[name]);
    }
  }
  const extraIds = extraIdsOf(sources);
  return extraIds === 0 ? undefined : Array.from({ length: extraIds }, (_, n) => `<extra_id_${n}>`);
}

function tokensOf(list: readonly unknown[]): string[] {
  return list.slice(0, MAX_ADDITIONAL).flatMap((entry) => tokenOf(entry) ?? []);
}

/** A token is a text, or an object that says more about one. */
function tokenOf(value: unknown): string | undefined {
  const text = typeof value === "object" && value !== null ? (value as { content?: unknown }).content : value;
  return typeof text === "string" && text !== "" && text.length <= MAX_TOKEN && text.isWellFormed() ? text : undefined;
}

import {
  AbiCoder,
  type BytesLike,
  type ErrorFragment,
  type FunctionFragment,
  Interface,
  type InterfaceAbi,
  ParamType,
  Result,
  type Typed,
  getBytes,
} from "ethers";

/**
 * An interface that decodes what strangers wrote: a contract takes any bytes for a text, and one text that is no UTF-8 must
 * not make a record, or all events of a registry, unreadable. Such bytes become U+FFFD.
 */
export function lenientInterface(abi: InterfaceAbi): Interface {
  return new LenientInterface(abi);
}

class LenientInterface extends Interface {
  // ethers hashes every signature of the contract for each one that it looks up by its selector: 1.4 ms a refusal.
  readonly #functions = new Map<string, FunctionFragment | null>();
  readonly #errors = new Map<string, ErrorFragment | null>();

  override getFunction(key: string, values?: (Typed | undefined)[]): FunctionFragment | null {
    const find = () => super.getFunction(key, values as Typed[]);
    return isSelector(key) ? recall(this.#functions, key, find) : find();
  }

  override getError(key: string, values?: (Typed | undefined)[]): ErrorFragment | null {
    const find = () => super.getError(key, values as Typed[]);
    return isSelector(key) ? recall(this.#errors, key, find) : find();
  }

  override getAbiCoder(): AbiCoder {
    return new LenientAbiCoder();
  }
}

function isSelector(key: string): boolean {
  return /^0x[0-9a-f]{8}$/i.test(key);
}

/** What is not there is not kept: anybody can answer with another selector each time. */
function recall<T>(found: Map<string, T | null>, key: string, find: () => T | null): T | null {
  const known = found.get(key) ?? find();
  if (known !== null) found.set(key, known);
  return known;
}

class LenientAbiCoder extends AbiCoder {
  override decode(types: readonly (string | ParamType)[], data: BytesLike, loose?: boolean): Result {
    const params = types.map((type) => ParamType.from(type));
    if (!params.some(hasText)) return super.decode(params, data, loose);
    const found = super.decode(params.map(withBytes), data, loose);
    return Result.fromItems(
      params.map((param, i) => readTexts(param, found[i])),
      params.map(({ name }) => name || null),
    );
  }
}

function hasText(param: ParamType): boolean {
  if (param.isArray()) return hasText(param.arrayChildren);
  return param.isTuple() ? param.components.some(hasText) : param.type === "string";
}

const known = new Map<string, ParamType>();

/** The same parameter with bytes for each text: their encoding is the same. */
function withBytes(param: ParamType): ParamType {
  const type = param.format();
  const found = known.get(type) ?? ParamType.from(type.replaceAll(/\bstring\b/g, "bytes"));
  known.set(type, found);
  return found;
}

function readTexts(param: ParamType, value: unknown): unknown {
  if (!hasText(param)) return value;
  if (param.isArray()) {
    const items = [...(value as Result)];
    return Result.fromItems(items.map((item) => readTexts(param.arrayChildren, item)));
  }
  if (!param.isTuple()) return readText(value as string);
  return Result.fromItems(
    param.components.map((component, i) => readTexts(component, (value as Result)[i])),
    param.components.map(({ name }) => name || null),
  );
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function readText(hex: string): string {
  return decoder.decode(getBytes(hex));
}

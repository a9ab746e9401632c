import { change, settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.settings;

/** What the reader calls accounts, from registries files: each can be dropped again. */
export function Publishers() {
  const { publishers } = settings.value;
  if (publishers.length === 0) return null;
  return (
    <section>
      <h2>{TEXT.publishers}</h2>
      <p>{TEXT.publishersText}</p>
      <ul class="rows">
        {publishers.map(([key, name]) => (
          <li key={key}>
            <strong>{name}</strong>
            <code>{key}</code>
            <button
              type="button"
              class="plain"
              onClick={() => change({ publishers: publishers.filter(([other]) => other !== key) })}
            >
              {TEXT.remove} <span class="hidden">{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

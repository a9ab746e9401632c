import { accountOf } from "../state/registry-setting.ts";
import { asked, decideOnLink, dropLink, linkedRegistry } from "../state/settings.ts";
import { STRINGS } from "../strings.ts";

const TEXT = STRINGS.link;

/** Asks about the registry that a link names, and says that it counts for as long as it does. */
export function LinkedRegistry() {
  const wanted = asked.value;
  if (wanted !== undefined) {
    return (
      <section class="notice" role="alertdialog" aria-labelledby="link-title" aria-describedby="link-text">
        <h2 id="link-title">{TEXT.title}</h2>
        <p id="link-text">{TEXT.ask(accountOf(wanted), wanted.rpcUrl || TEXT.noNode)}</p>
        <p class="buttons">
          <button type="button" onClick={() => decideOnLink(true)}>
            {TEXT.accept}
          </button>
          <button type="button" class="plain" onClick={() => decideOnLink(false)}>
            {TEXT.refuse}
          </button>
        </p>
      </section>
    );
  }
  const active = linkedRegistry.value;
  if (active === undefined) return null;
  return (
    <section class="notice notice-slim" aria-label={TEXT.title}>
      <p>{TEXT.active(accountOf(active))}</p>
      <button type="button" class="plain" onClick={dropLink}>
        {TEXT.drop}
      </button>
    </section>
  );
}

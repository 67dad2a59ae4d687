/**
 * `<parley-call room="daily" server="https://calls.example.org">`: a call inside somebody's page. It frames the page of the
 * server, hands it the look of the page around it, and turns its messages into events and methods.
 * Documentation: docs/EMBEDDING.md.
 * @module
 */
import type { EmbedCommand, EmbedEvent, EmbedState } from './embed-message.ts';
import { closedError, FrameLink } from './frame-link.ts';
import { isThemeValue, THEME_COLORS } from './theme.ts';
import type { Theme } from './theme.ts';

/** What a call may use; a browser gives it to a frame of another origin only when it is named here. */
const ALLOWED = [
  'camera',
  'microphone',
  'display-capture',
  'autoplay',
  'fullscreen',
  'speaker-selection',
  'clipboard-write',
  'screen-wake-lock',
  'picture-in-picture',
].join('; ');

const STYLE = `
  :host { display: block; block-size: 32rem; }
  :host([hidden]) { display: none; }
  iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; border-radius: inherit; color-scheme: inherit; }
`;

const DARK = '(prefers-color-scheme: dark)';
const NO_COLOR = 'rgba(0, 0, 0, 0)';

/** A server-side render has no elements; there the class is only ever imported. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? EventTarget;

/** The element. Its events are those of {@link EmbedEvent}, by name, as a `CustomEvent`. */
export class ParleyCallElement extends Base {
  static readonly observedAttributes: readonly string[] = ['room', 'server', 'link-key', 'token'];
  /** Where calls are when an element names no server: where this script came from. */
  static defaultServer = '';
  #link: FrameLink | undefined;
  #unmount: (() => void) | undefined;
  #state: EmbedState | undefined;

  /** What the call last told; `undefined` until it is there. */
  get state(): EmbedState | undefined {
    return this.#state;
  }

  /** Enters the call, from the lobby or again. Resolves when inside; rejects with the code of what stands against it. */
  join(options: { readonly name?: string; readonly passcode?: string } = {}): Promise<void> {
    return this.#send({ command: 'join', ...options });
  }

  /** Leaves the call. */
  leave(): Promise<void> {
    return this.#send({ command: 'leave' });
  }

  /** Unmutes or mutes. */
  setMicrophone(on: boolean): Promise<void> {
    return this.#send({ command: 'microphone', on });
  }

  /** Turns the camera on or off. */
  setCamera(on: boolean): Promise<void> {
    return this.#send({ command: 'camera', on });
  }

  /** Shares a screen or stops; call it from a click. */
  shareScreen(on: boolean): Promise<void> {
    return this.#send({ command: 'screen', on });
  }

  /** Raises the hand or lowers it, inside the call. */
  setHand(on: boolean): Promise<void> {
    return this.#send({ command: 'hand', on });
  }

  /** Says something in the chat of the call, in the name of the person. */
  sendChat(text: string): Promise<void> {
    return this.#send({ command: 'chat', text });
  }

  /** Reads the custom properties `--parley-...` again, after they have changed. */
  async refreshTheme(): Promise<void> {
    await this.#send({ command: 'theme', theme: this.#readTheme() });
  }

  /** @internal Called by the browser. */
  connectedCallback(): void {
    this.#mount();
  }

  /** @internal Called by the browser. */
  disconnectedCallback(): void {
    this.#unmount?.();
  }

  /** @internal Called by the browser: another room is another call. */
  attributeChangedCallback(): void {
    if (this.#unmount !== undefined) this.#mount();
  }

  #mount(): void {
    this.#unmount?.();
    const room = this.getAttribute('room') ?? '';
    const server = this.getAttribute('server') ?? ParleyCallElement.defaultServer;
    if (room === '' || !URL.canParse(server)) return;
    const { origin } = new URL(server);
    const root = this.shadowRoot ?? this.#openRoot();
    const frame = document.createElement('iframe');
    frame.title = this.getAttribute('title') ?? room;
    frame.allow = ALLOWED;
    frame.src = this.#addressOf(origin, room);
    root.replaceChildren(frame);
    const { contentWindow } = frame;
    if (contentWindow === null) return;
    const link = new FrameLink({
      frame: contentWindow,
      origin,
      onEvent: (event) => this.#tell(event),
    });
    const onMessage = (message: MessageEvent): void => link.take(message);
    const onScheme = (): void => void this.refreshTheme().catch(() => undefined);
    addEventListener('message', onMessage);
    matchMedia(DARK).addEventListener('change', onScheme);
    this.#link = link;
    onScheme();
    this.#unmount = () => {
      removeEventListener('message', onMessage);
      matchMedia(DARK).removeEventListener('change', onScheme);
      link.close();
      frame.remove();
      this.#link = undefined;
      this.#unmount = undefined;
      this.#state = undefined;
    };
  }

  #openRoot(): ShadowRoot {
    const root = this.attachShadow({ mode: 'open' });
    // Not a <style>: a page may forbid those.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    return root;
  }

  /** Key and token stand behind the #, which no server gets to see. */
  #addressOf(origin: string, room: string): string {
    const address = new URL(`/r/${encodeURIComponent(room)}`, origin);
    address.searchParams.set('embed', location.origin);
    const secrets = new URLSearchParams();
    const [key, token] = [this.getAttribute('link-key'), this.getAttribute('token')];
    if (key !== null) secrets.set('k', key);
    if (token !== null) secrets.set('t', token);
    address.hash = secrets.toString();
    return address.href;
  }

  #tell(event: EmbedEvent): void {
    if (event.event === 'state') this.#state = event.state;
    this.dispatchEvent(new CustomEvent(event.event, { detail: event }));
  }

  #send(command: EmbedCommand): Promise<void> {
    if (this.#link !== undefined) return this.#link.send(command);
    return Promise.reject(closedError());
  }

  /** What the page has set, as the browser works it out: any way to write a colour will do. */
  #readTheme(): Theme {
    const probe = document.createElement('span');
    this.shadowRoot?.append(probe);
    const read = (
      name: string,
      property: 'background-color' | 'border-top-left-radius',
    ): string => {
      probe.style.setProperty(property, `var(--parley-${name})`);
      return getComputedStyle(probe).getPropertyValue(property);
    };
    const radius = read('radius', 'border-top-left-radius');
    const entries = THEME_COLORS.map((name) => [name, read(name, 'background-color')] as const);
    probe.remove();
    const isSet = this.#isSet('radius') ? [...entries, ['radius', radius] as const] : entries;
    return Object.fromEntries(
      isSet.filter(([name, value]) => value !== NO_COLOR && isThemeValue(name, value)),
    );
  }

  #isSet(name: string): boolean {
    return getComputedStyle(this).getPropertyValue(`--parley-${name}`) !== '';
  }
}

/** Makes `<parley-call>` known to this page; once is enough, more do no harm. */
export function defineParleyCall(options: { readonly server?: string } = {}): void {
  if (options.server !== undefined) ParleyCallElement.defaultServer = options.server;
  if (customElements.get('parley-call') === undefined)
    customElements.define('parley-call', ParleyCallElement);
}

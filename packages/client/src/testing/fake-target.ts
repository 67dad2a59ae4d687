/**
 * An EventTarget whose listeners end with their signal, without a listener on that signal: Node warns of
 * the eleventh one, and a call has more.
 * @module
 */

/** See the module comment. */
export class FakeTarget extends EventTarget {
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options: AddEventListenerOptions | boolean = {},
  ): void {
    if (typeof options === 'boolean' || options.signal === undefined) {
      return super.addEventListener(type, listener, options);
    }
    const { signal, ...others } = options;
    const follow = (event: Event): void => {
      if (signal.aborted) return;
      if (typeof listener === 'function') listener.call(this, event);
      else listener?.handleEvent(event);
    };
    super.addEventListener(type, follow, others);
  }
}

/** An event with the extra members that W3C events have. */
export class RtcEvent extends Event {
  constructor(type: string, members: object) {
    super(type);
    Object.assign(this, members);
  }
}

/**
 * Reactions, and the raised hand.
 * @module
 */
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { REACTIONS } from '../signs/sign.ts';
import type { Signs } from '../signs/signs.ts';
import { PopoverButton } from '../ui/popover-button.tsx';
import bar from './control-bar.module.css';
import { Glyph, HAND, SMILE } from './glyph.tsx';
import menu from './menu.module.css';

/** The button of the bar; the menu stays open, because one reaction seldom comes alone. */
export function ReactionMenu({ signs }: { signs: Signs }): JSX.Element {
  return (
    <PopoverButton
      class={bar.round}
      label={t('call.react')}
      icon={<Glyph path={SMILE} size={22} />}
    >
      {() => (
        <div class={menu.reactions}>
          {REACTIONS.map((reaction) => (
            <button
              key={reaction}
              type="button"
              class={menu.reaction}
              aria-label={t('call.reactWith', { reaction })}
              onClick={() => signs.react(reaction)}
            >
              {reaction}
            </button>
          ))}
          <HandSwitch signs={signs} class={menu.item}>
            <span>{t('call.hand')}</span>
          </HandSwitch>
        </div>
      )}
    </PopoverButton>
  );
}

/** The switch of the hand; its name never changes, its state says up or down. */
export function HandSwitch(props: {
  signs: Signs;
  class: string | undefined;
  children?: JSX.Element;
}): JSX.Element {
  return (
    <button
      type="button"
      role="switch"
      class={props.class}
      aria-label={t('call.hand')}
      aria-checked={props.signs.mine.value.hand}
      title={t('call.hand')}
      onClick={() => props.signs.toggleHand()}
    >
      <Glyph path={HAND} size={22} />
      {props.children}
    </button>
  );
}

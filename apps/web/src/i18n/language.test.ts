import { expect, it } from 'vitest';
import { chooseLanguage, loadWords, locale, t } from './language.ts';

it('keeps all words that were asked for, and the language that was chosen last', async () => {
  await Promise.all([loadWords('call'), loadWords('problem')]);
  expect(t('call.close')).toBe('Close');
  expect(t('problem.insecure.title')).not.toBe('problem.insecure.title');

  await Promise.all([chooseLanguage('ko'), loadWords('tool'), chooseLanguage('en')]);
  expect(locale.value).toBe('en');
  await Promise.all([loadWords('panel'), chooseLanguage('ko')]);
  expect(locale.value).toBe('ko');
  expect(t('call.close')).toBe('닫기');
  await chooseLanguage('en');
  expect(t('call.close')).toBe('Close');
});

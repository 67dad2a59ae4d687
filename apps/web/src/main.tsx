/**
 * Entry of the app.
 * @module
 */
import { render } from 'preact';
import { App } from './app.tsx';
import { startLanguage } from './i18n/language.ts';
import { keepOfflinePage } from './offline/keep-offline-page.ts';
import './styles/tokens.css';
import './styles/base.css';

const root = document.querySelector('#app');
if (root === null) throw new Error('index.html has no #app');

await startLanguage();
render(<App />, root);
keepOfflinePage();

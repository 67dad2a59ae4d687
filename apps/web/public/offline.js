/** Shows the language of the reader, and opens the page again when the server can be reached. */
const RETRY_MS = 3000;

function showLanguage() {
  const shown = preferred();
  document.documentElement.lang = shown;
  for (const section of document.querySelectorAll('section'))
    section.hidden = section.lang !== shown;
  document.title = `${document.querySelector(`section[lang=${shown}] h1`).textContent} - Parley`;
}

/** As the app chooses: what the person has chosen there, else the first language that we have. */
function preferred() {
  const wanted = [remembered(), ...navigator.languages].find((tag) =>
    /^(?:en|ko)\b/u.test(tag ?? ''),
  );
  return wanted?.startsWith('ko') ? 'ko' : 'en';
}

function remembered() {
  try {
    return localStorage.getItem('parley.locale');
  } catch {
    return null;
  }
}

async function tryAgain() {
  try {
    const { ok } = await fetch('/readyz', { cache: 'no-store' });
    if (ok) location.reload();
  } catch {
    // Not yet.
  }
}

showLanguage();
addEventListener('online', tryAgain);
setInterval(tryAgain, RETRY_MS);
for (const button of document.querySelectorAll('button'))
  button.addEventListener('click', tryAgain);

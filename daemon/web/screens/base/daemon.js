// Requests to the daemon's JSON API (config/contract/openapi.yaml). A lost connection, an expired login
// and a locked session never cost what was typed: the request waits until it can go out again.

const root = '/api/v1';
const retryAfter = 1000;  // milliseconds

/** What the daemon, or the way to it, answered instead of a result. */
export class DaemonError extends Error {
  constructor(status, answer) {
    const error = answer?.error ?? {};
    super(error.text ?? `HTTP ${status}`);
    this.status = status;
    this.code = error.code ?? 'unreachable';
    this.remedy = error.remedy ?? '';
    this.current = answer?.current ?? null;
  }
}

/** "offline", "online" when the way to the daemon changes; "login" when a person must log in or unlock. */
export const connection = new EventTarget();
let online = true;
let csrf = '';
let login = null;  // a promise while a person logs in anew
let logins = 0;

export function isOnline() { return online; }
export function setProof(token) { csrf = token ?? ''; }

export function setOnline(value) {
  if (online === value) return;
  online = value;
  connection.dispatchEvent(new Event(value ? 'online' : 'offline'));
}

export function get(path) { return request('GET', path); }
export function post(path, body = {}) { return request('POST', path, body); }
export function patch(path, body = {}) { return request('PATCH', path, body); }
export function put(path, body = {}) { return request('PUT', path, body); }
export function remove(path) { return request('DELETE', path); }

/** Logs in, or unlocks the session there is; no waiting and no repeating: the caller shows what went wrong. */
export function logIn(user, password) { return opened('/session', { user, password }); }
/** With the staff badge in the station's reader; without a PIN it is typed at the reader's keypad. */
export function logInByBadge(station, pin) { return opened('/session/badge', pin ? { station, pin } : { station }); }
export function unlock(password) { return opened('/session/unlock', { password }); }

async function opened(path, body) {
  const response = await fetch(root + path, asked('POST', body));
  const answer = await bodyOf(response);
  if (!response.ok) throw new DaemonError(response.status, answer);
  setProof(answer.csrf);
  setOnline(true);
  return answer;
}

/** Locks the session; the screen is covered until the person unlocks it. */
export async function lock() {
  await post('/session/lock');
  await loginAnew(true);
}

/** The stations that take badges. Nobody needs to be logged in to know. */
export async function badgeStations() {
  const response = await fetch(`${root}/session/badge`, asked('GET'));
  return response.ok ? (await bodyOf(response)).stations : [];
}

/** The session there is, or null. */
export async function session() {
  const response = await fetch(`${root}/session`, asked('GET'));
  if (response.status === 401) return null;
  const answer = await bodyOf(response);
  if (!response.ok) throw new DaemonError(response.status, answer);
  setProof(answer.csrf);
  return answer;
}

const picture = (page, kind, part) => `${root}/pages/${page.id}/${kind}${query({ rotation: page.rotation, part })}`;
/** `part`: of a received file, from 1. */
export function pageImage(page, part) { return picture(page, 'image', part); }
/** How many parts there are to leaf through. */
export async function pageParts(page) { return (await get(`/pages/${page.id}/parts`)).parts; }
export function pageThumbnail(page) { return picture(page, 'thumbnail'); }
export function pageWords(page) { return get(picture(page, 'words').slice(root.length)); }
export function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return known.length ? `?${new URLSearchParams(known)}` : '';
}

async function request(method, path, body) {
  for (;;) {
    const before = logins;
    let response;
    try {
      response = await fetch(root + path, asked(method, body));
    } catch {
      setOnline(false);
      await new Promise((resolve) => setTimeout(resolve, retryAfter));
      continue;
    }
    setOnline(true);
    if (response.status === 401 || response.status === 423) {
      if (before === logins) await loginAnew(response.status === 423);  // else it went out before the login there is now
      continue;
    }
    const answer = await bodyOf(response);
    if (!response.ok) throw new DaemonError(response.status, answer);
    return answer;
  }
}

function asked(method, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return { method, headers, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) };
}

async function bodyOf(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** Resolves once somebody has logged in again; many requests wait for one login. */
function loginAnew(locked) {
  login ??= new Promise((resolve) => {
    const detail = { locked, done: () => { login = null; logins += 1; resolve(); } };
    connection.dispatchEvent(new CustomEvent('login', { detail }));
  });
  return login;
}

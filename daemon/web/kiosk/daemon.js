// What the screens ask of the daemon (config/contract/kiosk.yaml). The visit's token lives in this module only.

const kiosk = new URLSearchParams(location.search).get('kiosk') ?? 'foyer';
const base = `/kiosk/v1/${encodeURIComponent(kiosk)}`;
let token = '';

export class Refused extends Error {
  constructor(status, error) {
    super(error?.text ?? String(status));
    this.status = status;
    this.code = error?.code ?? '';
    this.reason = error?.reason ?? '';
    this.fields = error?.fields ?? [];
  }
}

async function request(method, path, body) {
  const headers = token ? { 'X-Visit': token } : {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await fetch(base + path, {
    method, headers, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) });
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Refused(response.status, answer.error);
}

async function json(method, path, body) {
  const response = await request(method, path, body);
  return response.status === 204 ? null : response.json();
}

export const hasVisit = () => token !== '';
export const state = () => json('GET', '/state');

export async function begin(language) {
  const visit = await json('POST', '/visits', { language });
  token = visit.visit;
  return visit;
}

export async function end() {
  const going = token ? request('DELETE', '/visit').catch(() => null) : null;
  token = '';
  await going;
}

export const get = (path) => json('GET', path);
export const put = (path, body = {}) => json('PUT', path, body);
export const post = (path, body = {}) => json('POST', path, body);
export const remove = (path) => json('DELETE', path);

/** What must not be kept by the browser: bytes under an address that dies with the page. */
const addresses = new Set();
export async function blob(path, body) {
  const response = await request(body === undefined ? 'GET' : 'POST', path, body);
  const address = URL.createObjectURL(await response.blob());
  addresses.add(address);
  return address;
}
export function forgetBlobs() {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses.clear();
}

// npm's oauth2-mock-server as the SIEM's token endpoint, and beside it an interface that takes its tokens only.
// node token_server.mjs MODULES PORT_FILE KEY CERTIFICATE     writes both ports there when it is ready
//
// Forms, grants and tokens are what the package makes of them; its hooks say who may log in and for how long.
// POST /_control/set {lifetime, fail, times, forget, revoke, accept} changes that; /_control/requests tells what was asked.
import fs from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import path from 'node:path';

const [modules, portFile, key, certificate] = process.argv.slice(2);
const load = createRequire(path.join(modules, 'none.js'));
const { OAuth2Server } = load('oauth2-mock-server');
const { decodeProtectedHeader, importJWK, jwtVerify } = load('jose');

const client = { client_id: 'mpx', client_secret: 's=cr&t/+ %' };
const person = { username: 'garita@example.org', password: 'p+ä& %=€"ñ' };
const wish = { lifetime: 86400, fail: null, times: 0 };
let requests = [];
let refreshTokens = new Set();
let revokedBefore = 0;
let issued = 0;

const tokens = new OAuth2Server(key, certificate, { endpoints: { token: '/connect/token' } });
await tokens.issuer.keys.generate('RS256');

tokens.service.on('beforeTokenSigning', (token) => {
  token.payload.exp = Math.floor(Date.now() / 1000) + wish.lifetime;
  token.payload.number = ++issued;
});
tokens.service.on('beforeResponse', (response, request) => {
  const { body, headers, url } = request;
  requests.push({ url, body, contentType: headers['content-type'], authorization: headers.authorization ?? null });
  const refuse = (status, error, words) => Object.assign(response, { statusCode: status, body: { error, error_description: words } });
  if (wish.times > 0) {
    wish.times -= 1;
    if (wish.fail === 'silent') return Object.assign(response, { statusCode: 401, body: { message: 'Authorization has been denied for this request.' } });
    return refuse(wish.fail === 'server' ? 503 : 400, wish.fail, 'as the test wants it');
  }
  if (body.client_id !== client.client_id || body.client_secret !== client.client_secret) return refuse(400, 'invalid_client', '');
  if (body.grant_type === 'password' && (body.username !== person.username || body.password !== person.password))
    return refuse(400, 'invalid_grant', 'invalid_username_or_password');
  if (body.grant_type === 'refresh_token' && !refreshTokens.delete(body.refresh_token)) return refuse(400, 'invalid_grant', '');
  if (!body.scope?.split(' ').includes('mpx.api')) return refuse(400, 'invalid_scope', '');
  response.body.expires_in = wish.lifetime;
  refreshTokens.add(response.body.refresh_token);
  return undefined;
});

async function isGood(authorization) {
  const [scheme, token, ...rest] = (authorization ?? '').split(' ');
  if (scheme !== 'Bearer' || rest.length > 0) return false;
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    const jwk = tokens.issuer.keys.toJSON().find((one) => one.kid === kid);
    const { payload } = await jwtVerify(token, await importJWK(jwk, alg), { issuer: tokens.issuer.url });
    return payload.number > revokedBefore;
  } catch {
    return false;
  }
}

const other = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, (request, response) => {
  let text = '';
  request.on('data', (some) => { text += some; });
  request.on('end', async () => {
    const answer = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/_control/requests') return answer(200, requests);
    if (request.url === '/_control/set') {
      const { forget, revoke, accept, ...values } = JSON.parse(text);
      Object.assign(wish, values);
      if (forget) refreshTokens = new Set();
      if (accept) refreshTokens.add(accept);
      if (revoke) revokedBefore = issued;
      return answer(200, {});
    }
    if (!(await isGood(request.headers.authorization))) return answer(401, { message: 'Authorization has been denied for this request.' });
    return request.url.startsWith('/api/v2/incidents') ? answer(200, { incidents: [], totalItems: 0 }) : answer(404, {});
  });
});

await tokens.start(0, '127.0.0.1');
other.listen(0, '127.0.0.1', () => {
  fs.writeFileSync(`${portFile}.new`, `${tokens.address().port} ${other.address().port}`);
  fs.renameSync(`${portFile}.new`, portFile);
});
process.on('SIGTERM', () => process.exit(0));

// A strict fake of Telegram's Bot API, without dependencies: real long polling, the real server's errors, and faults on demand.
//   node server.js PORT_FILE [PORT]     writes its port to the file when it is ready
// Everything under /_control is for the test: see README.md beside this file.
'use strict';

const fs = require('fs');
const http = require('http');
const { World } = require('./world');
const { Refusal } = require('./check');
const { methods } = require('./methods');
const { readParameters } = require('./body');
const { control } = require('./control');

const world = new World();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function sendJson(response, status, body, headers = {}) {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function sendRefusal(response, refusal) {
  const body = { ok: false, error_code: refusal.code, description: refusal.message };
  if (refusal.parameters) body.parameters = refusal.parameters;
  const headers = refusal.parameters && refusal.parameters.retry_after ? { 'Retry-After': String(refusal.parameters.retry_after) } : {};
  sendJson(response, refusal.code, body, headers);
}

/** Does what the fault says; true: the call is answered (or never will be). */
async function playFault(fault, response) {
  if (fault.delay) await sleep(fault.delay);
  if (fault.drop === 'before') return response.destroy(), true;
  if (fault.raw !== undefined) {
    response.writeHead(fault.status || 200, fault.headers || {});
    return response.end(fault.raw), true;
  }
  if (fault.error_code) {
    sendRefusal(response, new Refusal(fault.error_code, fault.description || 'fault', fault.parameters));
    return true;
  }
  return false;
}

async function botCall(request, response, token, method, url) {
  const call = { at: world.now(), method, parameters: null, outcome: null };
  world.calls.push(call);
  try {
    if (!/^[1-9]\d*:[A-Za-z0-9_-]+$/.test(token)) throw new Refusal(404, 'Not Found');
    if (world.revoked) throw new Refusal(401, 'Unauthorized');
    const known = Object.keys(methods).find((name) => name.toLowerCase() === method.toLowerCase());
    if (!known) throw new Refusal(404, 'Not Found: method not found');
    try {
      call.parameters = await readParameters(request, url);
    } catch (error) {
      throw new Refusal(400, `Bad Request: ${error.message}`);
    }
    const fault = world.takeFault(known);
    if (fault) {
      call.fault = fault;
      if (await playFault(fault, response)) return;
    }
    const result = await methods[known](world, call.parameters, response);
    call.outcome = 'ok';
    if (fault && fault.drop === 'after') return void response.destroy(); // done, but the caller never hears of it
    if (fault && fault.null_result) return sendJson(response, 200, { ok: true, result: null });
    sendJson(response, 200, { ok: true, result });
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error);
    const refusal = error instanceof Refusal ? error : new Refusal(500, `Internal Server Error: ${error.message}`);
    call.outcome = `${refusal.code} ${refusal.message}`;
    sendRefusal(response, refusal);
  }
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const bot = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(url.pathname);
  if (bot) return botCall(request, response, decodeURIComponent(bot[1]), bot[2], url);
  try {
    sendJson(response, 200, await control(world, request, url));
  } catch (error) {
    sendJson(response, 422, { error: error.message });
  }
});
server.keepAliveTimeout = 60000;
server.listen(Number(process.argv[3] || 0), '127.0.0.1', () => {
  const file = process.argv[2];
  if (file) {
    fs.writeFileSync(`${file}.new`, String(server.address().port));
    fs.renameSync(`${file}.new`, file);
  }
});
process.on('SIGTERM', () => process.exit(0));
